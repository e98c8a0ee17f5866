import type { EventClock } from '../src/time/event-clock.js'
import type { JoinBounds } from '../src/windows/join-windows.js'
import type { JoinWindowStore } from './join-window.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { type JoinSide, LEFT, RIGHT } from './unmatched-key.js'
import { UnmatchedRows, type UnmatchedStore } from './unmatched-rows.js'
import { synchronous } from './user-function.js'

/** Makes the result of two records that meet; null stands for the one that is missing in an outer join. */
export type StreamJoiner<K, L, R, VR> = (left: L | null, right: R | null, key: K) => VR

/** How two streams are joined. */
export interface StreamJoin<K, L, R, VR> {
  readonly windows: JoinBounds
  readonly joiner: StreamJoiner<K, L, R, VR>
  /** The store of each stream's records. */
  readonly leftStore: string
  readonly rightStore: string
  /** Whether records of the left stream are kept that meet none. */
  readonly keepsLeft: boolean
  readonly keepsRight: boolean
  /** The store of records that have met none yet; absent in an inner join. */
  readonly unmatchedStore: string | undefined
}

/** A join as one of its sides sees it. */
interface SideView<K, V, VO, VR> {
  readonly side: JoinSide
  readonly otherStore: string
  readonly windows: JoinBounds
  readonly unmatchedStore: string | undefined
  joined(own: V | null, other: VO | null, key: K): VR
  /** How much earlier and later than a record of this side one of the other side may be. */
  readonly before: number
  readonly after: number
  readonly keepsOwn: boolean
  readonly keepsOther: boolean
}

class StreamJoinProcessor<K, V, VO, VR> implements Processor<K, V, K, VR> {
  private context!: ProcessorContext<K, VR>
  private downstream!: Downstream<K, VR>
  private others!: JoinWindowStore<K, VO>
  private clock!: EventClock
  private unmatched: UnmatchedRows<K, V | VO> | undefined

  constructor(private readonly view: SideView<K, V, VO, VR>) {}

  init(context: ProcessorContext<K, VR>): void {
    const { view } = this
    this.context = context
    this.downstream = context.downstream
    this.clock = context.clock
    this.others = context.store(view.otherStore)
    if (view.unmatchedStore === undefined) return
    const store = context.store<UnmatchedStore<K, V | VO>>(view.unmatchedStore)
    this.unmatched = new UnmatchedRows(context, store, view.windows, (side, key, value, timestamp) =>
      this.downstream.process(key, this.alone(side, key, value), timestamp),
    )
    // One of the two sides is enough.
    if (view.side !== LEFT) return
    this.unmatched.resume()
    this.clock.onAdvance(this.unmatched)
  }

  get holdsBack(): number {
    const { beforeMs, afterMs, graceMs } = this.view.windows
    return this.unmatched === undefined ? 0 : Math.max(beforeMs, afterMs) + graceMs
  }

  process(key: K, value: V, timestamp: number): void {
    const { unmatched, view, context } = this
    // This record comes in the middle of another's step.
    unmatched?.finish()
    const now = unmatched === undefined ? -1 : this.clock.observe(timestamp)
    const looks = this.clock.follows === 'records'
    if (value === null || value === undefined) context.dropped('null-value')
    else if (key !== null && key !== undefined) {
      if (looks && timestamp === now) unmatched!.look(view.after)
      if (!this.meet(key, value, timestamp) && view.keepsOwn) this.missed(key, value, timestamp, now)
    } else if (view.keepsOwn) this.downstream.process(key, this.alone(view.side, key, value), timestamp)
    else context.dropped('null-key')
  }

  /** Joins a record with those of the other side. @returns whether there are any */
  private meet(key: K, value: V, timestamp: number): boolean {
    const { others, view, unmatched, downstream } = this
    const { before, after, windows } = view
    const to = Math.max(windows.leastEnd, timestamp + after)
    const found = others.range(key, Math.max(0, timestamp - before), to)
    for (let at = 0; at < found.length; at++) {
      const { windowStart, value: values } = found[at]!
      if (view.keepsOther) unmatched!.matched(otherSide(view.side), key, windowStart)
      const time = Math.max(timestamp, windowStart)
      for (let index = 0; index < values!.length; index++) {
        downstream.process(key, this.joined(value, values![index]!, key), time)
      }
    }
    return found.length > 0
  }

  /** Has a record wait that has met none, or hands it on where its window is over. */
  private missed(key: K, value: V, timestamp: number, now: number): void {
    const { view, unmatched } = this
    const open = this.clock.follows === 'records' ? 0 : view.windows.graceMs
    if (Math.max(0, timestamp + view.after + open) >= now) unmatched!.keep(view.side, key, value, timestamp)
    else this.downstream.process(key, this.alone(view.side, key, value), timestamp)
  }

  /** The result of a record that has met none. */
  private alone(side: JoinSide, key: K, value: V | VO): VR {
    return side === this.view.side ? this.joined(value as V, null, key) : this.joined(null, value as VO, key)
  }

  private joined(own: V | null, other: VO | null, key: K): VR {
    try {
      return synchronous(this.view.joined(own, other, key))
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }
}

const otherSide = (side: JoinSide): JoinSide => (side === LEFT ? RIGHT : LEFT)

/**
 * Takes the records of the left stream, which meet those of the right one that are in their window. In an outer join
 * one that meets none is handed on without one: at once where its window is over, else when it is over, grace included.
 * Records without value are dropped, and those without key unless they are kept though they meet none.
 */
export const streamJoinLeft =
  <K, L, R, VR>(join: StreamJoin<K, L, R, VR>): ProcessorSupplier<K, L, K, VR> =>
  () =>
    new StreamJoinProcessor({
      side: LEFT,
      otherStore: join.rightStore,
      windows: join.windows,
      unmatchedStore: join.unmatchedStore,
      joined: join.joiner,
      before: join.windows.beforeMs,
      after: join.windows.afterMs,
      keepsOwn: join.keepsLeft,
      keepsOther: join.keepsRight,
    })

/** Takes the records of the right stream; see {@link streamJoinLeft}. */
export const streamJoinRight =
  <K, L, R, VR>(join: StreamJoin<K, L, R, VR>): ProcessorSupplier<K, R, K, VR> =>
  () =>
    new StreamJoinProcessor({
      side: RIGHT,
      otherStore: join.leftStore,
      windows: join.windows,
      unmatchedStore: join.unmatchedStore,
      joined: (own: R | null, other: L | null, key: K) => join.joiner(other, own, key),
      before: join.windows.afterMs,
      after: join.windows.beforeMs,
      keepsOwn: join.keepsRight,
      keepsOther: join.keepsLeft,
    })
