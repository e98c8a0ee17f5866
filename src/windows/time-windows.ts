/** Windows on a grid that is the same for every key: tumbling, hopping and unlimited ones. */
export interface TimeWindows {
  /** Size of a window in milliseconds. */
  readonly size: number
  /** From the start of a window to that of the next one, in milliseconds; Infinity where there is one only. */
  readonly advance: number
  /** How long after its end a window takes late records, in milliseconds of event time. */
  readonly graceMs: number
  /** How long a store keeps a window at least: until no record can change it any more. */
  readonly retention: number
  /**
   * Start of the first window that a timestamp is in. The others follow at `advance`, up to the timestamp itself;
   * a start after the timestamp says that it is in none.
   */
  firstStart(timestamp: number): number
}
