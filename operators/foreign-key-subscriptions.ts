import type { Bookmark, CombinedKey, Subscription, SubscriptionAnswer } from '../src/serdes/foreign-key.js'
import type { OrderedStore } from '../src/state/store.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import type { TableReader, TableView } from './table-reader.js'

/** The subscriptions to rows of the right table, by what they are to and then by who has subscribed. */
export type Subscriptions<KO, K, VO> = OrderedStore<CombinedKey<KO, K>, Subscription<K> | Bookmark<VO>>

class ReceiveProcessor<KO, K> implements Processor<KO | null, Subscription<K>, KO | null, Subscription<K>> {
  private context!: ProcessorContext<KO | null, Subscription<K>>
  private downstream!: Downstream<KO | null, Subscription<K>>
  private store!: Subscriptions<KO, K, unknown>

  constructor(private readonly storeName: string) {}

  init(context: ProcessorContext<KO | null, Subscription<K>>): void {
    this.context = context
    this.downstream = context.downstream
    this.store = context.store(this.storeName)
  }

  process(foreignKey: KO | null, subscription: Subscription<K>, timestamp: number): void {
    if (foreignKey !== null) this.note(foreignKey, subscription, timestamp)
    this.downstream.process(foreignKey, subscription, timestamp)
  }

  private note(foreignKey: KO, subscription: Subscription<K>, timestamp: number): void {
    const { store, context } = this
    const { instruction, primaryKey } = subscription
    const entry = store.entry({ foreignKey, primaryKey })
    const { headers } = context.record
    if (instruction === 'tell' || instruction === 'tell-if-found') {
      store.write(entry, subscription, timestamp, headers)
    } else if (entry.value !== undefined) store.write(entry, undefined, timestamp, headers)
  }
}

/** Keeps the subscriptions that arrive at the partition of the rows that they are to, until they end. */
export const receiveSubscriptions =
  <KO, K>(store: string): ProcessorSupplier<KO | null, Subscription<K>, KO | null, Subscription<K>> =>
  () =>
    new ReceiveProcessor(store)

class AnswerProcessor<KO, VO, K> implements Processor<KO | null, Subscription<K>, K, SubscriptionAnswer<VO>> {
  private downstream!: Downstream<K, SubscriptionAnswer<VO>>
  private rows!: TableReader<KO, VO>

  constructor(private readonly table: TableView<KO, VO>) {}

  init(context: ProcessorContext<K, SubscriptionAnswer<VO>>): void {
    this.downstream = context.downstream
    this.rows = this.table.open(context)
  }

  process(foreignKey: KO | null, subscription: Subscription<K>, timestamp: number): void {
    const { instruction, primaryKey, primaryPartition, hash } = subscription
    if (instruction === 'end') return
    const row = foreignKey === null ? null : this.rows.find(foreignKey)
    if (row === null && instruction === 'tell-if-found') return
    const value = instruction === 'end-and-tell' ? null : row
    const latest = row === null ? timestamp : Math.max(timestamp, this.rows.foundAt)
    this.downstream.process(primaryKey, { hash, value, primaryPartition }, latest)
  }

  close(): void {
    this.rows.close?.()
  }
}

/** Answers each subscription that arrives with the row that it is to. */
export const answerSubscriptions =
  <KO, VO, K>(
    table: TableView<KO, VO>,
  ): ProcessorSupplier<KO | null, Subscription<K>, K, SubscriptionAnswer<VO>> =>
  () =>
    new AnswerProcessor(table)
