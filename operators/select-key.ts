import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { synchronous } from './user-function.js'

/** Gives the new key of a record; null for none. */
export type KeySelector<K, V, KR> = (key: K, value: V) => KR

class SelectKeyProcessor<K, V, KR> implements Processor<K, V, KR, V> {
  private context!: ProcessorContext<KR, V>
  private downstream!: Downstream<KR, V>

  constructor(private readonly selector: KeySelector<K, V, KR>) {}

  init(context: ProcessorContext<KR, V>): void {
    this.context = context
    this.downstream = context.downstream
  }

  process(key: K, value: V, timestamp: number): void {
    let selected: KR
    try {
      selected = synchronous(this.selector(key, value))
    } catch (cause) {
      throw this.context.userError(cause)
    }
    this.downstream.process(selected, value, timestamp)
  }
}

/** Gives each record a new key. */
export const selectKey =
  <K, V, KR>(selector: KeySelector<K, V, KR>): ProcessorSupplier<K, V, KR, V> =>
  () =>
    new SelectKeyProcessor(selector)
