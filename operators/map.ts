import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { synchronous } from './user-function.js'

/** A record as functions return it: its key and its value. */
export type KeyValue<K, V> = readonly [key: K, value: V]

/** Makes one record of one. */
export type KeyValueMapper<K, V, KR, VR> = (key: K, value: V) => KeyValue<KR, VR>

class MapProcessor<K, V, KR, VR> implements Processor<K, V, KR, VR> {
  private context!: ProcessorContext<KR, VR>
  private downstream!: Downstream<KR, VR>

  constructor(private readonly mapper: KeyValueMapper<K, V, KR, VR>) {}

  init(context: ProcessorContext<KR, VR>): void {
    this.context = context
    this.downstream = context.downstream
  }

  process(key: K, value: V, timestamp: number): void {
    let mapped: KeyValue<KR, VR>
    try {
      mapped = this.mapper(key, value)
      requireKeyValue(mapped)
    } catch (cause) {
      throw this.context.userError(cause)
    }
    this.downstream.process(mapped[0], mapped[1], timestamp)
  }
}

/** Fails if a mapper did not return `[key, value]`. */
export function requireKeyValue(mapped: KeyValue<unknown, unknown>): void {
  if (Array.isArray(mapped) && mapped.length === 2) return
  synchronous(mapped)
  throw new TypeError(`[key, value] expected from the mapper, got ${String(mapped)}`)
}

/** Gives each record a new key and value. */
export const map =
  <K, V, KR, VR>(mapper: KeyValueMapper<K, V, KR, VR>): ProcessorSupplier<K, V, KR, VR> =>
  () =>
    new MapProcessor(mapper)
