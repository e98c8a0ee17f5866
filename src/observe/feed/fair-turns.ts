/** How long one turn of the event loop may take. */
const TURN_MS = 5

/** Somebody with work that can be done piece by piece. */
export interface Worker {
  /** Does a piece. @returns whether there is more */
  work(): boolean
}

/** Does the work of many a piece at a time, one after the other, and lets the event loop do other things in between. */
export class FairTurns {
  private readonly waiting = new Set<Worker>()
  private scheduled = false

  /** Gives somebody a turn, soon. */
  add(worker: Worker): void {
    this.waiting.add(worker)
    this.schedule()
  }

  remove(worker: Worker): void {
    this.waiting.delete(worker)
  }

  private schedule(): void {
    if (this.scheduled || this.waiting.size === 0) return
    this.scheduled = true
    setImmediate(() => this.run())
  }

  private run(): void {
    this.scheduled = false
    const end = performance.now() + TURN_MS
    for (const worker of this.waiting) {
      this.waiting.delete(worker)
      // Behind all others.
      if (worker.work()) this.waiting.add(worker)
      if (performance.now() >= end) break
    }
    this.schedule()
  }
}
