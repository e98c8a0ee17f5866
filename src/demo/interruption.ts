/** Signals this close together are one: npm passes on the Ctrl-C that the terminal has sent to us already. */
const SAME_MS = 1_000
const EXIT_CODE = 130

/** The wish to stop: raised by the first SIGINT or SIGTERM; a later one ends the process at once. */
export class Interruption implements Disposable {
  private readonly controller = new AbortController()
  private first: number | undefined

  constructor() {
    process.on('SIGINT', this.receive)
    process.on('SIGTERM', this.receive)
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  /** Resolves when the wish is raised. */
  get raised(): Promise<void> {
    const { signal } = this
    if (signal.aborted) return Promise.resolve()
    return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
  }

  private readonly receive = (): void => {
    const now = performance.now()
    this.first ??= now
    if (now - this.first > SAME_MS) process.exit(EXIT_CODE)
    this.controller.abort()
  };

  [Symbol.dispose](): void {
    process.off('SIGINT', this.receive)
    process.off('SIGTERM', this.receive)
  }
}
