import type { FinalStore, SpanStore, StoreEntry, WindowStore } from '../src/state/store.js'
import type { ProcessorContext } from './processor.js'
import { RowByRow, type WaitingRows } from './steps.js'

/** When the rows of windows are handed on: at every change of them, or once, when their window has closed. */
export type EmitStrategy = 'onWindowUpdate' | 'onWindowClose'

/**
 * Hands on the rows of windows that have closed (KIP-825). In stream time it looks for them after a record, at most once
 * in an interval of wall time; with watermarks whenever event time advances. The store keeps them until then. Where many
 * windows close at once it goes on in steps, before the next record; how far it came is committed.
 */
export class FinalEmission<K, A> implements WaitingRows {
  private readonly finals: FinalStore<K, A>
  private readonly handingOn: RowByRow

  /**
   * @param closedBefore where rows lie that have closed at a close time: at what is returned, or before
   * @param forward hands one row on
   * @param again whether rows change after they were handed on, and are handed on again then
   */
  constructor(
    private readonly context: ProcessorContext<unknown, unknown>,
    private readonly store: WindowStore<K, A> | SpanStore<K, A>,
    private readonly closedBefore: (closeTime: number) => number,
    private readonly forward: (row: StoreEntry<K, A>) => void,
    private readonly again: boolean,
  ) {
    this.handingOn = new RowByRow(context, this)
    this.finals = store.finals!
  }

  /** Goes on where it was before a restart. Of several with one store and progress one does. */
  resume(): void {
    const { closeTime, handingOn } = this.context.progress
    this.finals.forgetClosed(this.closedBefore(closeTime))
    if (handingOn === undefined) return
    this.finals.skipClosed(handingOn.count)
    this.handingOn.begin()
  }

  /**
   * Takes note of a row that was written.
   *
   * @returns false: those of its place were handed on already, and it is to be handed on at once
   */
  wrote(position: number): boolean {
    const { progress, clock } = this.context
    if (clock.follows === 'records' && position > progress.greatest) progress.greatest = position
    if (!this.again || position > this.closedBefore(progress.closeTime)) return true
    this.finals.forgetClosed(position)
    return false
  }

  /** Ends what an earlier record began, where the next one comes before its steps: in the middle of another's. */
  finish(): void {
    this.handingOn.finish()
  }

  /** Looks for what has closed, at the end of a record. */
  look(closeTime: number): void {
    const { progress, emitInterval, systemTime } = this.context
    // A clock that was set back does not count.
    if (systemTime < progress.nextLook && systemTime >= progress.nextLook - emitInterval) return
    progress.nextLook = systemTime + emitInterval
    if (closeTime <= progress.closeTime) {
      this.store.expireBy(progress.greatest)
      return
    }
    this.begin(closeTime)
  }

  /** Hands on what has closed by now, where event time advances by itself. */
  advance(closeTime: number): void {
    const { progress, clock } = this.context
    // What was begun for an earlier time is a part of this.
    this.finish()
    if (closeTime <= progress.closeTime) return
    progress.greatest = clock.now - 1
    if (this.closedBefore(closeTime) < this.finals.earliest) {
      progress.closeTime = closeTime
      this.store.expireBy(progress.greatest)
      return
    }
    this.begin(closeTime)
  }

  private begin(closeTime: number): void {
    this.context.progress.handingOn = { closeTime, count: 0 }
    this.handingOn.begin()
  }

  get pending(): boolean {
    return this.context.progress.handingOn !== undefined
  }

  handOn(): boolean {
    const progress = this.context.progress.handingOn!
    const row = this.finals.takeClosed(this.closedBefore(progress.closeTime))
    if (row === undefined) return false
    progress.count++
    this.forward(row)
    return true
  }

  over(): void {
    const { progress } = this.context
    progress.closeTime = progress.handingOn!.closeTime
    progress.handingOn = undefined
    this.store.expireBy(progress.greatest)
  }
}
