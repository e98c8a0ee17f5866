import type { Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { type NotPromise, synchronous } from './user-function.js'

/** Is called for its effect. Not exactly once: after a failure it runs again for the same record. */
export type ForEachAction<K, V> = (key: K, value: V) => NotPromise

class ForEachProcessor<K, V> implements Processor<K, V, never, never> {
  private context!: ProcessorContext<never, never>

  constructor(private readonly action: ForEachAction<K, V>) {}

  init(context: ProcessorContext<never, never>): void {
    this.context = context
  }

  process(key: K, value: V): void {
    try {
      synchronous(this.action(key, value))
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }
}

/** Ends a stream in a function. */
export const forEach =
  <K, V>(action: ForEachAction<K, V>): ProcessorSupplier<K, V, never, never> =>
  () =>
    new ForEachProcessor(action)
