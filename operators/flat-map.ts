import { type KeyValue, requireKeyValue } from './map.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { listOf } from './user-function.js'

/** Makes any number of records of one. */
export type FlatKeyValueMapper<K, V, KR, VR> = (key: K, value: V) => Iterable<KeyValue<KR, VR>>

class FlatMapProcessor<K, V, KR, VR> implements Processor<K, V, KR, VR> {
  private context!: ProcessorContext<KR, VR>
  private downstream!: Downstream<KR, VR>

  constructor(private readonly mapper: FlatKeyValueMapper<K, V, KR, VR>) {}

  init(context: ProcessorContext<KR, VR>): void {
    this.context = context
    this.downstream = context.downstream
  }

  process(key: K, value: V, timestamp: number): void {
    let mapped: readonly KeyValue<KR, VR>[]
    try {
      mapped = listOf(this.mapper(key, value))
      mapped.forEach(requireKeyValue)
    } catch (cause) {
      throw this.context.userError(cause)
    }
    for (let index = 0; index < mapped.length; index++) {
      this.downstream.process(mapped[index]![0], mapped[index]![1], timestamp)
    }
  }
}

/** Makes any number of records of each, with keys and values of their own. */
export const flatMap =
  <K, V, KR, VR>(mapper: FlatKeyValueMapper<K, V, KR, VR>): ProcessorSupplier<K, V, KR, VR> =>
  () =>
    new FlatMapProcessor(mapper)
