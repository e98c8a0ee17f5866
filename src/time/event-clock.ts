/**
 * The time an operator decides by: which windows are closed, which records are late.
 *
 * Operators know this port only. In stream-time mode each operator has its own clock that follows the greatest
 * timestamp that reached it (as in Kafka Streams, `observedStreamTime`); with watermarks the task's watermark
 * stands behind the same port.
 */
export interface EventClock {
  /** Takes note of a record's timestamp and returns the time after it. */
  observe(timestamp: number): number
  /** The present time; -1 before the first record. */
  readonly now: number
}

/** Stream time: the greatest timestamp observed. Never goes back. */
export class StreamTimeClock implements EventClock {
  /** @param now the time that was committed; -1: none */
  constructor(public now = -1) {}

  observe(timestamp: number): number {
    if (timestamp > this.now) this.now = timestamp
    return this.now
  }
}
