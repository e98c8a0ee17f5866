/**
 * Wakes a loop that has nothing to do. Notifications before the wait count, so none is lost; several of them
 * are one.
 */
export class Signal {
  private notified = false
  private wake: (() => void) | undefined

  notify(): void {
    this.notified = true
    this.wake?.()
  }

  /** Resolves at the next notification, or after `timeoutMs`. */
  async wait(timeoutMs: number): Promise<void> {
    if (!this.notified) {
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        this.wake = resolve
        timer = setTimeout(resolve, timeoutMs)
      })
      clearTimeout(timer)
      this.wake = undefined
    }
    this.notified = false
  }
}
