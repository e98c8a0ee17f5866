import { type Duration, parseDuration } from '../time/duration.js'

/** How much may wait. */
export interface BufferBounds {
  /** Greatest number of rows. Default: any. */
  readonly maxRecords?: number | undefined
  /** Greatest number of bytes, keys and values as they are serialized. Default: any. */
  readonly maxBytes?: number | undefined
}

/** How much may wait, and what happens when more would. */
export interface BufferOptions extends BufferBounds {
  /**
   * `emit-early`, the default: the change that waits longest is handed on before its time. `shut-down`: the
   * application fails.
   */
  readonly whenFull?: 'emit-early' | 'shut-down' | undefined
}

/** Until the window of a row is closed; made by {@link Suppressed}. */
export interface UntilWindowCloses {
  readonly until: 'window-close'
  readonly buffer: BufferOptions
}

/** For a time; made by {@link Suppressed}. */
export interface UntilTimeLimit {
  readonly until: 'time-limit'
  /** Milliseconds of event time. */
  readonly limit: number
  readonly buffer: BufferOptions
}

/** How long {@link KTable.suppress} keeps changes back. */
export const Suppressed = {
  /**
   * Until no record can change the row's window any more: one result a window, and no deletions. The time is that of
   * the records that reach the operator, or of watermarks. (In stream time, as in Kafka Streams, sessions and sliding
   * windows take records for a millisecond longer; what these change is dropped here, and counted as `late`.) A buffer with bounds fails when it is full: a result that comes early would
   * not be final.
   *
   * @example
   * ```ts
   * const perHour = clicks.groupByKey().windowedBy(TumblingWindows.of('1h')).count()
   * const final = perHour.suppress(Suppressed.untilWindowCloses({ maxRecords: 100_000 }))
   * assert.deepEqual(results(final), ['ann 0s-1h: 2', 'bob 0s-1h: 1'])
   * ```
   */
  untilWindowCloses: (bounds: BufferBounds = {}): UntilWindowCloses => ({
    until: 'window-close',
    buffer: { ...bounds, whenFull: 'shut-down' },
  }),

  /**
   * Until event time is `limit` past the first change of a row since it was handed on last: at most one change of a
   * row in that time, the last one. Deletions are handed on, too.
   *
   * @throws {InvalidDurationError} if the limit is negative.
   * @example
   * ```ts
   * const counts = clicks.groupByKey().count()
   * const calm = counts.suppress(Suppressed.untilTimeLimit('10m', { maxRecords: 100_000 }))
   * assert.deepEqual(results(calm), ['ann: 2', 'bob: 1'])
   * ```
   */
  untilTimeLimit: (limit: Duration, buffer: BufferOptions = {}): UntilTimeLimit => ({
    until: 'time-limit',
    limit: parseDuration('Suppressed.untilTimeLimit', limit),
    buffer,
  }),
}
