import { exitCodeOf } from './exit-code.js'

/** Signals this close together are one: npm passes on the Ctrl-C that the terminal has sent to us already. */
const SAME_MS = 1_000
const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/** The wish to stop: raised by the first SIGINT or SIGTERM; a later one ends the process at once. */
export class Interruption implements Disposable {
  private readonly controller = new AbortController()
  private first: number | undefined

  constructor() {
    for (const signal of SIGNALS) process.on(signal, this.receive)
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

  private readonly receive = (signal: NodeJS.Signals): void => {
    const now = performance.now()
    this.first ??= now
    if (now - this.first > SAME_MS) process.exit(exitCodeOf(signal))
    this.controller.abort(signal)
  };

  [Symbol.dispose](): void {
    for (const signal of SIGNALS) process.off(signal, this.receive)
  }
}
