import type { ForEachAction } from './for-each.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { synchronous } from './user-function.js'

class PeekProcessor<K, V> implements Processor<K, V, K, V> {
  private context!: ProcessorContext<K, V>
  private downstream!: Downstream<K, V>

  constructor(private readonly action: ForEachAction<K, V>) {}

  init(context: ProcessorContext<K, V>): void {
    this.context = context
    this.downstream = context.downstream
  }

  process(key: K, value: V, timestamp: number): void {
    try {
      synchronous(this.action(key, value))
    } catch (cause) {
      throw this.context.userError(cause)
    }
    this.downstream.process(key, value, timestamp)
  }
}

/** Shows each record to a function and passes it on. */
export const peek =
  <K, V>(action: ForEachAction<K, V>): ProcessorSupplier<K, V, K, V> =>
  () =>
    new PeekProcessor(action)
