/** Counts the answers in which brokers say that a quota was exceeded (KIP-219). */
export class ThrottleCount {
  answers = 0
  /** For how long they put the client off, milliseconds. */
  ms = 0

  /** Takes note of the `throttle_time_ms` of an answer. */
  note(throttleMs: number): void {
    if (throttleMs <= 0) return
    this.answers++
    this.ms += throttleMs
  }
}
