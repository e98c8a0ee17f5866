interface Seen {
  mark: unknown
  stillMs: number
}

/**
 * For how long things have been as they are, by looks from time to time. Between two looks no more counts than the longest
 * step: a process that stood still itself (SIGSTOP, a frozen container) has not seen that nothing moved.
 */
export class Stillness {
  private seen = new Map<string, Seen>()
  private lookedAt: number | undefined

  constructor(private readonly longestStepMs: number) {}

  /**
   * Looks at all that there is; what is not there any more is forgotten.
   *
   * @param marks what changes when a thing moves, by its name
   * @param now milliseconds of a clock that is never put back
   */
  look(marks: ReadonlyMap<string, unknown>, now: number): void {
    const step = Math.min(now - (this.lookedAt ?? now), this.longestStepMs)
    this.lookedAt = now
    const before = this.seen
    this.seen = new Map(
      [...marks].map(([name, mark]) => {
        const last = before.get(name)
        const stillMs = last === undefined || last.mark !== mark ? 0 : last.stillMs + step
        return [name, { mark, stillMs }]
      }),
    )
  }

  /** For how long a thing has not moved, milliseconds; 0: it has, or there is none. */
  of(name: string): number {
    return this.seen.get(name)?.stillMs ?? 0
  }
}
