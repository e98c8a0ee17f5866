import type { Instruction, Subscription } from '../src/serdes/foreign-key.js'
import type { Serde } from '../src/serdes/serde.js'
import type { Change } from './change.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { synchronous } from './user-function.js'
import { ValueHash } from './value-hash.js'

/** The key of the row that a row refers to; null and undefined: it refers to none. */
export type ForeignKeyExtractor<K, V, KO> = (value: V, key: K) => KO | null | undefined

/** The left side of a foreign-key join. */
export interface SubscribeOptions<K, V, KO> {
  readonly extractor: ForeignKeyExtractor<K, V, KO>
  readonly value: Serde<V>
  /** Whether two foreign keys are one and the same. */
  sameKey(left: KO, right: KO): boolean
  /** Whether rows stay that meet none: a left join. */
  readonly left: boolean
}

class SubscribeProcessor<K, V, KO> implements Processor<K, Change<V>, KO | null, Subscription<K>> {
  private context!: ProcessorContext<KO | null, Subscription<K>>
  private downstream!: Downstream<KO | null, Subscription<K>>
  private readonly hash: ValueHash<V>

  constructor(private readonly options: SubscribeOptions<K, V, KO>) {
    this.hash = new ValueHash(options.value)
  }

  init(context: ProcessorContext<KO | null, Subscription<K>>): void {
    this.context = context
    this.downstream = context.downstream
  }

  process(key: K, change: Change<V>, timestamp: number): void {
    if (change.outOfOrder === true) {
      this.context.dropped('out-of-order')
      return
    }
    const oldValue = change.fresh === true ? null : change.oldValue
    if (oldValue === null && change.newValue === null) return
    if (this.options.left) this.outer(key, change.newValue, oldValue, timestamp)
    else this.inner(key, change.newValue, oldValue, timestamp)
  }

  /** A left join tells of each value: that of a row that refers to none, too. */
  private outer(key: K, newValue: V | null, oldValue: V | null, timestamp: number): void {
    const before = this.foreignKey(key, oldValue)
    const after = this.foreignKey(key, newValue)
    const hash = this.hash.of(newValue)
    if (before !== null && !this.same(before, after)) this.send(before, 'end', key, hash, timestamp)
    this.send(after, 'tell', key, hash, timestamp)
  }

  private inner(key: K, newValue: V | null, oldValue: V | null, timestamp: number): void {
    const before = this.foreignKey(key, oldValue)
    const after = this.foreignKey(key, newValue)
    const hash = this.hash.of(newValue)
    if (newValue !== null && after === null) this.context.dropped('null-key')
    if (after === null) {
      if (before !== null) this.send(before, 'end-and-tell', key, hash, timestamp)
      return
    }
    if (before === null || this.same(before, after)) {
      this.send(after, 'tell-if-found', key, hash, timestamp)
      return
    }
    this.send(before, 'end', key, hash, timestamp)
    // Where the row that it refers to now is not there, that has to be told: the one before may have been.
    this.send(after, 'tell', key, hash, timestamp)
  }

  private send(
    foreignKey: KO | null,
    instruction: Instruction,
    primaryKey: K,
    hash: string | null,
    timestamp: number,
  ): void {
    const primaryPartition = this.context.record.partition
    this.downstream.process(foreignKey, { instruction, primaryKey, primaryPartition, hash }, timestamp)
  }

  private same(before: KO, after: KO | null): boolean {
    return after !== null && this.options.sameKey(before, after)
  }

  private foreignKey(key: K, value: V | null): KO | null {
    if (value === null) return null
    try {
      return synchronous(this.options.extractor(value, key)) ?? null
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }
}

/**
 * Sends each change of the left table to the partition of the row that it refers to, as a subscription to that row; and
 * if it referred to another one before, an end of the subscription there. Both carry a hash of the new value, by which
 * the answer is known for one to the present value.
 */
export const subscribe =
  <K, V, KO>(
    options: SubscribeOptions<K, V, KO>,
  ): ProcessorSupplier<K, Change<V>, KO | null, Subscription<K>> =>
  () =>
    new SubscribeProcessor(options)
