import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { synchronous } from './user-function.js'

/** Makes one value of one; may look at the key, which stays. */
export type ValueMapper<K, V, VR> = (value: V, key: K) => VR

class MapValuesProcessor<K, V, VR> implements Processor<K, V, K, VR> {
  private context!: ProcessorContext<K, VR>
  private downstream!: Downstream<K, VR>

  constructor(private readonly mapper: ValueMapper<K, V, VR>) {}

  init(context: ProcessorContext<K, VR>): void {
    this.context = context
    this.downstream = context.downstream
  }

  process(key: K, value: V, timestamp: number): void {
    let mapped: VR
    try {
      mapped = synchronous(this.mapper(value, key))
    } catch (cause) {
      throw this.context.userError(cause)
    }
    this.downstream.process(key, mapped, timestamp)
  }
}

/** Gives each record a new value; key and partition stay. */
export const mapValues =
  <K, V, VR>(mapper: ValueMapper<K, V, VR>): ProcessorSupplier<K, V, K, VR> =>
  () =>
    new MapValuesProcessor(mapper)
