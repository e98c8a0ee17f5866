/** A run longer than this is split in two, so that an insertion moves few keys. */
const MAX_RUN = 512

/** Distinct strings in order, as a list of short sorted runs: finding is O(log n), changing moves one run at most. */
export class SortedKeys {
  private runs: string[][] = []
  /** How many keys there are. */
  size = 0

  /** Adds a key that is not there yet. */
  add(key: string): void {
    const { runs } = this
    this.size++
    if (runs.length === 0) {
      runs.push([key])
      return
    }
    const index = this.runOf(key)
    const run = runs[index]!
    run.splice(lowerBound(run, key), 0, key)
    if (run.length > MAX_RUN) runs.splice(index + 1, 0, run.splice(run.length >> 1))
  }

  /** Removes a key that is there. */
  delete(key: string): void {
    const index = this.runOf(key)
    const run = this.runs[index]!
    this.size--
    run.splice(lowerBound(run, key), 1)
    if (run.length === 0) this.runs.splice(index, 1)
  }

  /** The keys from `start` (included) up to `end` (not included), in order. */
  between(start: string, end: string): string[] {
    const found: string[] = []
    for (let index = this.runOf(start); index < this.runs.length; index++) {
      const run = this.runs[index]!
      if (run[0]! >= end) break
      for (let at = lowerBound(run, start); at < run.length && run[at]! < end; at++) found.push(run[at]!)
    }
    return found
  }

  /** The first key from `start` (included) up to `end` (not included). */
  first(start: string, end: string): string | undefined {
    for (let index = this.runOf(start); index < this.runs.length; index++) {
      const run = this.runs[index]!
      const at = lowerBound(run, start)
      if (at < run.length) return run[at]! < end ? run[at] : undefined
    }
    return undefined
  }

  /** The last key from `start` (included) up to `end` (not included). */
  last(start: string, end: string): string | undefined {
    for (let index = Math.min(this.runOf(end), this.runs.length - 1); index >= 0; index--) {
      const run = this.runs[index]!
      const at = lowerBound(run, end) - 1
      if (at >= 0) return run[at]! >= start ? run[at] : undefined
    }
    return undefined
  }

  clear(): void {
    this.runs = []
    this.size = 0
  }

  /** The last run that begins at or before `key`; the first where all begin after it. */
  private runOf(key: string): number {
    let low = 0
    let high = this.runs.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.runs[middle]![0]! <= key) low = middle + 1
      else high = middle
    }
    return Math.max(0, low - 1)
  }
}

/** The first position whose key is at or after `key`. */
export function lowerBound(run: readonly string[], key: string): number {
  let low = 0
  let high = run.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if (run[middle]! < key) low = middle + 1
    else high = middle
  }
  return low
}
