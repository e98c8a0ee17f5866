/** When calls are held up because the service does not work. */
export interface BreakerPolicy {
  /** So many attempts that fail one after the other open it. */
  readonly failures: number
  /** Milliseconds until one call tries whether the service works again. */
  readonly openFor: number
}

/**
 * Holds calls up while a service does not work. Closed: calls are made. Open: none is. Half-open: one is made, and
 * closes the breaker, or opens it again.
 */
export class CircuitBreaker {
  state: 'closed' | 'open' | 'half-open' = 'closed'
  private failedInARow = 0
  private opensAgain = Number.POSITIVE_INFINITY

  constructor(private readonly policy: BreakerPolicy) {}

  /** Takes a place for a call that is made now. @returns whether there is one */
  take(now: number): boolean {
    if (this.state === 'closed') return true
    if (this.state === 'half-open' || now < this.opensAgain) return false
    this.state = 'half-open'
    return true
  }

  /** When calls may be made, epoch milliseconds; infinite: that depends on the one that is being made. */
  get callsFrom(): number {
    if (this.state === 'closed') return Number.NEGATIVE_INFINITY
    return this.state === 'open' ? this.opensAgain : Number.POSITIVE_INFINITY
  }

  succeeded(): void {
    // What was asked before it opened tells nothing of the service as it is.
    if (this.state === 'open') return
    this.state = 'closed'
    this.failedInARow = 0
  }

  failed(now: number): void {
    if (this.state === 'open') return
    this.failedInARow++
    if (this.state === 'closed' && this.failedInARow < this.policy.failures) return
    this.state = 'open'
    this.opensAgain = now + this.policy.openFor
  }
}
