import { Worker } from 'node:worker_threads'

/** How often a pulse beats. */
const BEAT_MS = 100

/** What a pulse's thread is started with. */
export interface PulseInput {
  readonly beats: SharedArrayBuffer
  readonly intervalMs: number
}

/**
 * Tells how long this process has run: the time stands still while the process does (SIGSTOP, a frozen container, a
 * virtual machine that is held). A thread of its own counts beats, so it goes on while another thread is blocked, by
 * work or by waiting; clocks of the CPU cannot tell waiting from standing still.
 */
export class ProcessPulse implements AsyncDisposable {
  private readonly worker: Worker

  private constructor(
    /** The count, for threads that read it by `runningTime`. */
    readonly beats: SharedArrayBuffer,
    failed: (error: unknown) => void,
  ) {
    const input: PulseInput = { beats, intervalMs: BEAT_MS }
    this.worker = new Worker(new URL('./process-pulse-main.js', import.meta.url), { workerData: input })
    this.worker.on('error', failed)
    this.worker.unref()
  }

  /** @param failed told if the thread cannot go on: then the time stands still as well */
  static start(failed: (error: unknown) => void): ProcessPulse {
    return new ProcessPulse(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT), failed)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.terminate()
  }
}

/** Milliseconds for which the process has run, of which only differences mean anything: in steps of a beat. */
export function runningTime(beats: SharedArrayBuffer): () => number {
  const count = new Int32Array(beats)
  return () => Atomics.load(count, 0) * BEAT_MS
}
