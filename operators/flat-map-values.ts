import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { listOf } from './user-function.js'

/** Makes any number of values of one; may look at the key, which stays. */
export type FlatValueMapper<K, V, VR> = (value: V, key: K) => Iterable<VR>

class FlatMapValuesProcessor<K, V, VR> implements Processor<K, V, K, VR> {
  private context!: ProcessorContext<K, VR>
  private downstream!: Downstream<K, VR>

  constructor(private readonly mapper: FlatValueMapper<K, V, VR>) {}

  init(context: ProcessorContext<K, VR>): void {
    this.context = context
    this.downstream = context.downstream
  }

  process(key: K, value: V, timestamp: number): void {
    let mapped: readonly VR[]
    try {
      mapped = listOf(this.mapper(value, key))
    } catch (cause) {
      throw this.context.userError(cause)
    }
    for (let index = 0; index < mapped.length; index++) {
      this.downstream.process(key, mapped[index]!, timestamp)
    }
  }
}

/** Makes any number of records of each, all with its key. */
export const flatMapValues =
  <K, V, VR>(mapper: FlatValueMapper<K, V, VR>): ProcessorSupplier<K, V, K, VR> =>
  () =>
    new FlatMapValuesProcessor(mapper)
