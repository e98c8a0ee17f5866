import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { synchronous } from './user-function.js'

/** Decides on a record. */
export type Predicate<K, V> = (key: K, value: V) => boolean

class FilterProcessor<K, V> implements Processor<K, V, K, V> {
  private context!: ProcessorContext<K, V>
  private downstream!: Downstream<K, V>

  constructor(
    private readonly predicate: Predicate<K, V>,
    private readonly wanted: boolean,
  ) {}

  init(context: ProcessorContext<K, V>): void {
    this.context = context
    this.downstream = context.downstream
  }

  process(key: K, value: V, timestamp: number): void {
    let met: boolean
    try {
      met = meets(this.predicate, key, value)
    } catch (cause) {
      throw this.context.userError(cause)
    }
    if (met === this.wanted) this.downstream.process(key, value, timestamp)
  }
}

/** Whether a record meets a predicate; an answer that is no boolean counts by its truth, as JavaScript does. */
export function meets<K, V>(predicate: Predicate<K, V>, key: K, value: V): boolean {
  const answer = predicate(key, value)
  return typeof answer === 'boolean' ? answer : Boolean(synchronous(answer))
}

/** Passes on the records that meet the predicate. */
export const filter =
  <K, V>(predicate: Predicate<K, V>): ProcessorSupplier<K, V, K, V> =>
  () =>
    new FilterProcessor(predicate, true)

/** Passes on the records that do not meet the predicate. */
export const filterNot =
  <K, V>(predicate: Predicate<K, V>): ProcessorSupplier<K, V, K, V> =>
  () =>
    new FilterProcessor(predicate, false)
