import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'

class RequireKeyProcessor<K, V> implements Processor<K, V, K, V> {
  private context!: ProcessorContext<K, V>
  private downstream!: Downstream<K, V>

  init(context: ProcessorContext<K, V>): void {
    this.context = context
    this.downstream = context.downstream
  }

  process(key: K, value: V, timestamp: number): void {
    if (key === null || key === undefined) this.context.dropped('null-key')
    else this.downstream.process(key, value, timestamp)
  }
}

/** Keeps records without a key from a repartition topic: there is no partition where they belong. */
export const requireKey =
  <K, V>(): ProcessorSupplier<K, V, K, V> =>
  () =>
    new RequireKeyProcessor<K, V>()
