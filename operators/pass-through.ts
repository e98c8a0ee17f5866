import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'

class PassThroughProcessor<K, V> implements Processor<K, V, K, V> {
  private downstream!: Downstream<K, V>

  init(context: ProcessorContext<K, V>): void {
    this.downstream = context.downstream
  }

  process(key: K, value: V, timestamp: number): void {
    this.downstream.process(key, value, timestamp)
  }
}

/** Passes on every record: where streams merge, and at the head of a branch. */
export const passThrough =
  <K, V>(): ProcessorSupplier<K, V, K, V> =>
  () =>
    new PassThroughProcessor<K, V>()
