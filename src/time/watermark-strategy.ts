import { type Duration, parseDuration } from './duration.js'
import type { SourceRecord } from './timestamp-extractor.js'

/**
 * Says how far the event time of one partition has come. A watermark `w` means: no more records with timestamps of `w`
 * or less are expected; those that come nevertheless are late. One that is not greater than the one before has no
 * effect. (Flink's `WatermarkGenerator`.)
 */
export interface WatermarkGenerator<K, V> {
  /**
   * Sees every record, in the order of the partition.
   *
   * @param record valid during the call
   * @param timestamp its event time, epoch milliseconds
   * @returns the watermark behind the record; undefined: it stays as it is
   */
  readonly onEvent: (record: SourceRecord<K, V>, timestamp: number) => number | undefined
  /**
   * Is asked again and again, about every 200 ms, whether records come or not.
   *
   * @param now the wall clock, epoch milliseconds
   * @returns the watermark; undefined: it stays as it is
   */
  onPeriodic?(now: number): number | undefined
}

/** What becomes of a partition that has had nothing to read for a while. */
export interface Idleness {
  /** How long, milliseconds. */
  readonly timeout: number
  /** Whether the watermark goes on as the wall clock does while the partition is idle. */
  readonly advances: boolean
}

/** Partitions that are not to be far ahead of one another. */
export interface Alignment {
  readonly group: string
  /** How far ahead of the slowest one, milliseconds of event time. */
  readonly maxDrift: number
}

/** Options of {@link WatermarkStrategy.withIdleness}. */
export interface IdlenessOptions {
  /**
   * `stays`, the default: an idle partition keeps its watermark, and the others go on without it. `wall-clock`: its
   * watermark goes on as the wall clock does, so that windows close though nothing comes at all; records that come later
   * than that are late.
   */
  readonly watermark?: 'stays' | 'wall-clock' | undefined
}

/** What every strategy can be given. Immutable. */
abstract class Strategy<Self> {
  constructor(
    readonly idleness: Idleness | undefined,
    readonly alignment: Alignment | undefined,
  ) {}

  /**
   * Leaves a partition out of the minimum that has had nothing to read for a time, until it has something again. Time in
   * which it is not read for reasons of our own (backpressure, alignment, restore) does not count. Where all partitions
   * are idle the greatest of their watermarks counts. Default: every partition is waited for.
   *
   * @throws {InvalidDurationError} if the time is not at least a millisecond
   */
  withIdleness(timeout: Duration, { watermark = 'stays' }: IdlenessOptions = {}): Self {
    if (watermark !== 'stays' && watermark !== 'wall-clock') {
      throw new TypeError(
        `withIdleness: watermark '${String(watermark)}' is neither 'stays' nor 'wall-clock'`,
      )
    }
    const millis = parseDuration('withIdleness', timeout, { min: 1 })
    return this.copy({ timeout: millis, advances: watermark === 'wall-clock' }, this.alignment)
  }

  /**
   * Does not read on from a partition whose watermark is further ahead of the slowest one of its group than `maxDrift`,
   * until that one has come up: so state does not fill with what cannot be closed yet. The partitions of a group are
   * those of all sources of its name, whichever thread or process reads them: members tell each other with their commits,
   * which come once a second at least. One that is idle or has nothing to read, or of which nothing is known yet, is not
   * waited for. Others may be ahead of what a member told by four times what it came on since it told before, where that is
   * more than `maxDrift`: so a backlog is not slowed down. Default: partitions are read as they come.
   *
   * @throws {InvalidDurationError} if the drift is not at least a millisecond
   */
  withAlignment(group: string, maxDrift: Duration): Self {
    const millis = parseDuration('withAlignment', maxDrift, { min: 1 })
    return this.copy(this.idleness, { group, maxDrift: millis })
  }

  protected abstract copy(idleness: Idleness | undefined, alignment: Alignment | undefined): Self
}

/** Watermarks that follow the timestamps of a partition; made by {@link Watermarks}. */
export class TimestampWatermarks extends Strategy<TimestampWatermarks> {
  constructor(
    /** How far the watermark is behind the greatest timestamp, less a millisecond. */
    readonly outOfOrderness: number,
    idleness?: Idleness,
    alignment?: Alignment,
  ) {
    super(idleness, alignment)
  }

  protected copy(idleness: Idleness | undefined, alignment: Alignment | undefined): TimestampWatermarks {
    return new TimestampWatermarks(this.outOfOrderness, idleness, alignment)
  }
}

/** Watermarks that somebody tells who sees the records; made by {@link RecordWatermarks}. */
export class GeneratedWatermarks<K, V> extends Strategy<GeneratedWatermarks<K, V>> {
  constructor(
    readonly generator: () => WatermarkGenerator<K, V>,
    idleness?: Idleness,
    alignment?: Alignment,
  ) {
    super(idleness, alignment)
  }

  protected copy(
    idleness: Idleness | undefined,
    alignment: Alignment | undefined,
  ): GeneratedWatermarks<K, V> {
    return new GeneratedWatermarks(this.generator, idleness, alignment)
  }
}

/** How a source tells event time. */
export type WatermarkStrategy<K, V> = TimestampWatermarks | GeneratedWatermarks<K, V>

/**
 * The option `watermark` of a source: a strategy for timestamps, made by {@link Watermarks}, or a function that makes one for
 * records, whose types are those of the source.
 */
export type WatermarkOption<K, V> =
  | TimestampWatermarks
  | ((watermarks: RecordWatermarks<K, V>) => GeneratedWatermarks<K, V>)

/**
 * The strategies for timestamps: how far behind what has come is something still to be expected? (Flink's class
 * `WatermarkStrategy`.) Those that look at records are {@link RecordWatermarks}.
 */
export const Watermarks = {
  /**
   * Records are out of order by no more than a time: the watermark stays that much, and a millisecond, behind the
   * greatest timestamp of the partition.
   *
   * @throws {InvalidDurationError} if the time is negative
   */
  boundedOutOfOrderness: (outOfOrderness: Duration): TimestampWatermarks =>
    new TimestampWatermarks(parseDuration('Watermarks.boundedOutOfOrderness', outOfOrderness)),

  /** Timestamps never decrease within a partition. */
  monotonous: (): TimestampWatermarks => new TimestampWatermarks(0),
}

/**
 * The strategies that look at the records of a source; its option `watermark` is given them, so that the types of key and
 * value are known: `watermark: ({ punctuated }) => punctuated((record) => record.value.upTo)`.
 */
export interface RecordWatermarks<K, V> {
  /**
   * Some records tell the watermark.
   *
   * @param watermarkOf gives the watermark that a record tells, epoch milliseconds; undefined: it tells none
   */
  readonly punctuated: (
    watermarkOf: (record: SourceRecord<K, V>, timestamp: number) => number | undefined,
  ) => GeneratedWatermarks<K, V>

  /**
   * A generator of one's own.
   *
   * @param generator makes a new one for each partition
   */
  readonly generated: (generator: () => WatermarkGenerator<K, V>) => GeneratedWatermarks<K, V>
}

/** What the option of a source is given, whatever its records are. */
export const recordWatermarks = <K, V>(): RecordWatermarks<K, V> => ({
  punctuated: (watermarkOf) => new GeneratedWatermarks(() => ({ onEvent: watermarkOf })),
  generated: (generator) => new GeneratedWatermarks(generator),
})
