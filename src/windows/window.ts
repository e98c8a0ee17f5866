/** A span of event time, epoch milliseconds: from `start`, before `end`. */
export interface Window {
  readonly start: number
  readonly end: number
}

/** A key in a window: what a windowed aggregation is keyed by. */
export interface Windowed<K> {
  readonly key: K
  readonly window: Window
}

/** The end of a window of a size: exact, and at the last safe integer where it would lie beyond it. */
export const windowEnd = (start: number, size: number): number =>
  start > Number.MAX_SAFE_INTEGER - size ? Number.MAX_SAFE_INTEGER : start + size
