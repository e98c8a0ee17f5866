import type { EventClock } from './event-clock.js'

/** The time that has gone past a gate, as it is committed. */
export interface PassedTime {
  /** -1: none has. */
  closeTime: number
}

/**
 * Lets event time past an operator behind all that was in flight when it came, so that nothing of it is late after
 * that. While some time waits, all that comes later waits with it: it goes on, as one, when the former has passed.
 */
export class TimeGate {
  private inFlight = 0
  /** The last record that came. */
  private last = -1
  /** Records in flight that a time waits for; 0: none waits. */
  private awaited = 0
  /** The last of them, and the time. */
  private lastAwaited = -1
  private waiting = -1

  /**
   * @param clock the time that comes to the operator
   * @param progress the time that has gone past it
   */
  constructor(
    private readonly clock: EventClock,
    private readonly progress: PassedTime,
  ) {}

  /** Takes a record that was in flight when the task last ended. */
  restored(sequence: number): void {
    this.inFlight++
    this.last = sequence
  }

  /** Takes a record; it is in flight until it {@link left}. */
  entered(sequence: number): void {
    if (this.inFlight++ === 0) this.progress.closeTime = this.clock.now
    this.last = sequence
  }

  /** Time has come. */
  arrived(): void {
    if (this.awaited > 0 || this.inFlight === 0 || this.clock.now <= this.progress.closeTime) return
    this.awaited = this.inFlight
    this.lastAwaited = this.last
    this.waiting = this.clock.now
  }

  /** Whether a record came after a time that waits. */
  isBehind(sequence: number): boolean {
    return this.awaited > 0 && sequence > this.lastAwaited
  }

  /** A record is in flight no more, and all that it caused has happened. @returns whether time goes on */
  left(sequence: number): boolean {
    this.inFlight--
    if (this.awaited === 0 || this.isBehind(sequence) || --this.awaited > 0) return false
    this.progress.closeTime = this.waiting
    this.arrived()
    return true
  }

  /** Whether anything is in flight. */
  get closed(): boolean {
    return this.inFlight > 0
  }

  /** The time that has gone past; infinite: all that has come. */
  get time(): number {
    return this.inFlight === 0 ? Number.POSITIVE_INFINITY : this.progress.closeTime
  }
}
