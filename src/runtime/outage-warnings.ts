const REPEAT_AFTER_MS = 10_000

/**
 * Tells of brokers that cannot be reached: the first failure at once, then as long as it lasts every ten seconds.
 * Every channel tries again several times a second.
 */
export class OutageWarnings {
  private readonly toldAt = new Map<string, number>()

  constructor(private readonly warn: (error: Error) => void) {}

  /** A connection to a broker could not be opened, or gave no answer in time. */
  readonly unreachable = (broker: string, error: Error): void => {
    const now = performance.now()
    const toldAt = this.toldAt.get(broker)
    if (toldAt !== undefined && now - toldAt < REPEAT_AFTER_MS) return
    this.toldAt.set(broker, now)
    this.warn(error)
  }
}
