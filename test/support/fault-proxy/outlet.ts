import type { Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

const SLICE_MS = 20

/** One direction of a proxied connection: what is sent leaves in order, late, slowly or not at all. */
export class Outlet {
  private tail: Promise<void> = Promise.resolve()
  private bytesPerSecond = Number.POSITIVE_INFINITY
  private stuck = false

  constructor(private readonly socket: Socket) {}

  /** Sends bytes after those before them, and not before `due`. */
  send(bytes: Buffer, due?: Promise<unknown>): void {
    this.tail = this.tail.then(async () => {
      await due
      await this.write(bytes)
    })
  }

  /** From now on so many bytes a second leave. */
  slowDown(bytesPerSecond: number): void {
    this.bytesPerSecond = bytesPerSecond
  }

  /** From now on nothing leaves. */
  stick(): void {
    this.stuck = true
  }

  /** Closes the socket once everything has left. */
  end(): void {
    this.tail = this.tail.then(() => {
      if (!this.stuck) this.socket.destroySoon()
    })
  }

  private async write(bytes: Buffer): Promise<void> {
    for (let at = 0; at < bytes.length && !this.stuck && !this.socket.destroyed; ) {
      if (this.bytesPerSecond === Number.POSITIVE_INFINITY) {
        this.socket.write(bytes.subarray(at))
        return
      }
      const slice = Math.max(1, Math.floor((this.bytesPerSecond * SLICE_MS) / 1000))
      this.socket.write(bytes.subarray(at, at + slice))
      at += slice
      await pause(SLICE_MS, undefined, { ref: false })
    }
  }
}
