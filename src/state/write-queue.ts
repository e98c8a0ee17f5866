/** Runs writes one after the other, in the order of the calls. */
export class WriteQueue {
  private last: Promise<void> = Promise.resolve()

  /** Resolves or rejects as `write` does; a failed one does not hold up those after it. */
  run(write: () => Promise<void>): Promise<void> {
    const result = this.last.then(write)
    this.last = result.catch(() => undefined)
    return result
  }

  /** Resolves when the writes called for up to now have ended, however. */
  idle(): Promise<void> {
    return this.last
  }
}
