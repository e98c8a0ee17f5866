import type { FinalStore, StoreEntry } from '../src/state/store.js'
import type { ProcessorContext } from './processor.js'
import { MOST_PER_STEP, never } from './steps.js'

/** When the rows of windows are handed on: at every change of them, or once, when their window has closed. */
export type EmitStrategy = 'onWindowUpdate' | 'onWindowClose'

/**
 * Hands on the rows of windows that have closed (KIP-825). It looks for them after a record, at most once in an
 * interval of wall time; the store keeps them until then. Where many windows close at once it goes on in steps, before
 * the next record; how far it came is committed.
 */
export class FinalEmission<K, A> {
  /**
   * @param closedBefore where rows lie that have closed at a close time: at what is returned, or before
   * @param forward hands one row on
   */
  constructor(
    private readonly context: ProcessorContext<unknown, unknown>,
    private readonly store: FinalStore<K, A>,
    private readonly closedBefore: (closeTime: number) => number,
    private readonly forward: (row: StoreEntry<K, A>) => void,
  ) {
    const { closeTime, handingOn } = context.progress
    store.forgetClosed(closedBefore(closeTime))
    if (handingOn === undefined) return
    store.skipClosed(handingOn.count)
    this.begin()
  }

  /** Takes note of a row that was written. */
  wrote(position: number): void {
    const { progress } = this.context
    if (position > progress.greatest) progress.greatest = position
  }

  /** Ends what an earlier record began, where the next one comes before its steps: in the middle of another's. */
  finish(): void {
    while (this.context.progress.handingOn !== undefined) this.step(never)
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
    progress.handingOn = { closeTime, count: 0 }
    this.begin()
  }

  private begin(): void {
    this.context.inSteps((interrupted) => this.step(interrupted))
  }

  /** Hands on some rows. @returns whether any are left */
  private step(interrupted: () => boolean): boolean {
    const { handingOn } = this.context.progress
    if (handingOn === undefined) return false
    const upTo = this.closedBefore(handingOn.closeTime)
    for (let left = MOST_PER_STEP; left > 0 && !interrupted(); left--) {
      const row = this.store.takeClosed(upTo)
      if (row === undefined) {
        this.end(handingOn.closeTime)
        return false
      }
      handingOn.count++
      this.forward(row)
    }
    return true
  }

  private end(closeTime: number): void {
    const { progress } = this.context
    progress.closeTime = closeTime
    progress.handingOn = undefined
    this.store.expireBy(progress.greatest)
  }
}
