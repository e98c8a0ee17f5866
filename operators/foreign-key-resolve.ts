import type { SubscriptionAnswer } from '../src/serdes/foreign-key.js'
import type { Serde } from '../src/serdes/serde.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import type { TableReader, TableView } from './table-reader.js'
import { synchronous } from './user-function.js'
import { ValueHash } from './value-hash.js'

/** Makes a row of the join of a row and the one that it refers to; that is null where a left join finds none. */
export type ForeignKeyJoiner<K, V, VO, VR> = (value: V, other: VO | null, key: K) => VR | null | undefined

/** Where the answers of a foreign-key join arrive. */
export interface ResolveOptions<K, V, VO, VR> {
  /** The left table. */
  readonly table: TableView<K, V>
  readonly value: Serde<V>
  readonly joiner: ForeignKeyJoiner<K, V, VO, VR>
  readonly left: boolean
}

class ResolveProcessor<K, V, VO, VR> implements Processor<K, SubscriptionAnswer<VO>, K, VR | null> {
  private context!: ProcessorContext<K, VR | null>
  private downstream!: Downstream<K, VR | null>
  private rows!: TableReader<K, V>
  private readonly hash: ValueHash<V>

  constructor(private readonly options: ResolveOptions<K, V, VO, VR>) {
    this.hash = new ValueHash(options.value)
  }

  init(context: ProcessorContext<K, VR | null>): void {
    this.context = context
    this.downstream = context.downstream
    this.rows = this.options.table.open(context)
  }

  process(key: K, { hash, value: other }: SubscriptionAnswer<VO>, timestamp: number): void {
    const value = this.rows.find(key)
    if (this.hash.of(value) !== hash) this.context.dropped('outdated')
    else this.downstream.process(key, this.joined(key, value, other), timestamp)
  }

  close(): void {
    this.rows.close?.()
  }

  private joined(key: K, value: V | null, other: VO | null): VR | null {
    const { left, joiner } = this.options
    if (value === null || (other === null && !left)) return null
    try {
      return synchronous(joiner(value, other, key)) ?? null
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }
}

/**
 * Joins the rows of the left table with the answers that come for them. An answer to a value that the row has no longer
 * is dropped: that to the present value is on its way.
 */
export const resolveAnswers =
  <K, V, VO, VR>(
    options: ResolveOptions<K, V, VO, VR>,
  ): ProcessorSupplier<K, SubscriptionAnswer<VO>, K, VR | null> =>
  () =>
    new ResolveProcessor(options)
