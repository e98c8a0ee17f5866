/** Calls `beat` at an interval, never twice at once; a beat that resolves with false is repeated soon. */
export class HeartbeatTimer {
  private timer: NodeJS.Timeout | undefined
  private running = false

  constructor(
    private readonly intervalMs: number,
    private readonly beat: () => Promise<boolean>,
  ) {}

  start(): void {
    if (this.running) return
    this.running = true
    this.schedule(this.intervalMs)
  }

  stop(): void {
    this.running = false
    clearTimeout(this.timer)
  }

  private schedule(delayMs: number): void {
    this.timer = setTimeout(() => void this.tick(), delayMs)
  }

  private async tick(): Promise<void> {
    const done = await this.beat()
    if (this.running) this.schedule(done ? this.intervalMs : Math.min(this.intervalMs, SOON_MS))
  }
}

const SOON_MS = 200
