import type { Change } from './change.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'

class ToStreamProcessor<K, V> implements Processor<K, Change<V>, K, V | null> {
  private downstream!: Downstream<K, V | null>

  init(context: ProcessorContext<K, V | null>): void {
    this.downstream = context.downstream
  }

  process(key: K, change: Change<V>, timestamp: number): void {
    this.downstream.process(key, change.newValue, timestamp)
  }
}

/** Makes the changes of a table a stream of their new values; a deletion is a null value. */
export const toStream =
  <K, V>(): ProcessorSupplier<K, Change<V>, K, V | null> =>
  () =>
    new ToStreamProcessor<K, V>()
