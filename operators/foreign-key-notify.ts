import {
  type Bookmark,
  bookmarkPrefix,
  type CombinedKey,
  type Subscription,
  type SubscriptionAnswer,
} from '../src/serdes/foreign-key.js'
import { NO_HEADERS } from '../src/serdes/record-headers.js'
import type { Serde } from '../src/serdes/serde.js'
import type { StoreEntry } from '../src/state/store.js'
import type { Change } from './change.js'
import type { Subscriptions } from './foreign-key-subscriptions.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { MOST_PER_STEP, never } from './steps.js'

/** The right side of a foreign-key join, where its rows change. */
export interface NotifyOptions<KO> {
  /** Name of the store of subscriptions. */
  readonly store: string
  /** What the keys of the subscriptions to a row begin with. */
  readonly prefix: Serde<KO>
  /** Whether two keys of the right table are one and the same. */
  sameKey(left: KO, right: KO): boolean
}

type Subscribers<KO, K, VO> = Iterator<StoreEntry<CombinedKey<KO, K>, Subscription<K> | Bookmark<VO>>>

class NotifyProcessor<KO, VO, K> implements Processor<KO, Change<VO>, K, SubscriptionAnswer<VO>> {
  private context!: ProcessorContext<K, SubscriptionAnswer<VO>>
  private downstream!: Downstream<K, SubscriptionAnswer<VO>>
  private store!: Subscriptions<KO, K, VO>
  /** What is being told. */
  private value: VO | null = null
  private timestamp = -1
  /** Who is still to be told; undefined: nobody. */
  private subscribers: Subscribers<KO, K, VO> | undefined
  /** Up to whom it was told before the last commit. */
  private bookmark: CombinedKey<KO, K> | undefined

  constructor(private readonly options: NotifyOptions<KO>) {}

  init(context: ProcessorContext<K, SubscriptionAnswer<VO>>): void {
    this.context = context
    this.downstream = context.downstream
    this.store = context.store(this.options.store)
    for (const { key, value, timestamp } of this.store.prefix(undefined, bookmarkPrefix)) {
      if (value?.instruction !== 'resume') continue
      this.bookmark = key
      this.take(value.value, timestamp, this.behind(key))
      this.goOn()
    }
  }

  process(key: KO, { newValue, outOfOrder }: Change<VO>, timestamp: number): void {
    // This record comes in the middle of another's step.
    while (this.subscribers !== undefined) this.step(never)
    if (outOfOrder === true) {
      this.context.dropped('out-of-order')
      return
    }
    this.take(newValue, timestamp, this.store.prefix(key, this.options.prefix))
    // Mostly that is all.
    if (this.step(never)) this.goOn()
  }

  private take(value: VO | null, timestamp: number, subscribers: Subscribers<KO, K, VO>): void {
    this.value = value
    this.timestamp = timestamp
    this.subscribers = subscribers
  }

  private goOn(): void {
    this.context.inSteps((interrupted) => this.step(interrupted))
  }

  /** Subscriptions to the row of a bookmark, behind it. */
  private *behind(bookmark: CombinedKey<KO, K>): Subscribers<KO, K, VO> {
    const { store } = this
    const { foreignKey, primaryKey } = bookmark
    let key = store.next({ foreignKey, primaryKey })
    while (key !== undefined && key.bookmark !== true && this.options.sameKey(key.foreignKey, foreignKey)) {
      const row = store.get(key)
      if (row !== undefined) yield row
      key = store.next(key)
    }
  }

  /** Tells some subscribers. @returns whether any are left */
  private step(interrupted: () => boolean): boolean {
    const { subscribers } = this
    // Another record may have had to end it.
    if (subscribers === undefined) return false
    let last: CombinedKey<KO, K> | undefined
    for (let left = MOST_PER_STEP; left > 0 && !interrupted(); left--) {
      const { value: row, done } = subscribers.next()
      if (done === true) {
        this.subscribers = undefined
        this.mark(undefined)
        return false
      }
      last = row.key
      this.tell(row.value!)
    }
    if (last !== undefined) this.mark({ ...last, bookmark: true })
    return true
  }

  private tell(subscription: Subscription<K> | Bookmark<VO>): void {
    if (subscription.instruction === 'resume') return
    const { hash, primaryKey, primaryPartition } = subscription
    this.downstream.process(primaryKey, { hash, value: this.value, primaryPartition }, this.timestamp)
  }

  /** Notes up to whom it was told, so that what ends in between goes on there; undefined: to all. */
  private mark(bookmark: CombinedKey<KO, K> | undefined): void {
    const { store, timestamp, value } = this
    if (this.bookmark !== undefined) store.write(store.entry(this.bookmark), undefined, timestamp, NO_HEADERS)
    this.bookmark = bookmark
    if (bookmark === undefined) return
    store.write(store.entry(bookmark), { instruction: 'resume', value }, timestamp, NO_HEADERS)
  }
}

/**
 * Tells of each change of a row of the right table to all rows that have subscribed to it, in order of their keys. Where
 * these are many it goes on in steps, before the next record; how far it came is kept in the store.
 */
export const notifySubscribers =
  <KO, VO, K>(options: NotifyOptions<KO>): ProcessorSupplier<KO, Change<VO>, K, SubscriptionAnswer<VO>> =>
  () =>
    new NotifyProcessor(options)
