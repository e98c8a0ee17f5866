import type { FinalStore, StoreEntry } from '../src/state/store.js'
import type { ProcessorContext } from './processor.js'

/** When the rows of windows are handed on: at every change of them, or once, when their window has closed. */
export type EmitStrategy = 'onWindowUpdate' | 'onWindowClose'

/**
 * Hands on the rows of windows that have closed (KIP-825). It looks for them after a record, at most once in an
 * interval of wall time; the store keeps them until then.
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
    store.forgetClosed(closedBefore(context.progress.closeTime))
  }

  /** Takes note of a row that was written. */
  wrote(position: number): void {
    const { progress } = this.context
    if (position > progress.greatest) progress.greatest = position
  }

  /** Looks for what has closed, at the end of a record. */
  look(closeTime: number): void {
    const { context, store } = this
    const { progress, emitInterval, systemTime } = context
    // A clock that was set back does not count.
    if (systemTime < progress.nextLook && systemTime >= progress.nextLook - emitInterval) return
    progress.nextLook = systemTime + emitInterval
    if (closeTime > progress.closeTime) {
      const upTo = this.closedBefore(closeTime)
      for (let row = store.takeClosed(upTo); row !== undefined; row = store.takeClosed(upTo))
        this.forward(row)
      progress.closeTime = closeTime
    }
    store.expireBy(progress.greatest)
  }
}
