/** Runs asynchronous work one piece at a time, in the order in which it came. */
export class Exclusive {
  private last: Promise<unknown> = Promise.resolve()

  run<T>(work: () => Promise<T>): Promise<T> {
    const result = this.last.then(work)
    // The next piece waits for this one, not for its success: that is for whoever asked for it.
    this.last = result.catch(() => {})
    return result
  }
}
