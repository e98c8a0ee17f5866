import { QuietTime } from '../time/quiet-time.js'
import { ShuffleWatermark } from '../time/shuffle-watermark.js'
import type { SourceWatermark } from '../time/source-watermark.js'
import type { SourceRecord } from '../time/timestamp-extractor.js'
import { decodeMarker, isMarker } from '../time/watermark-marker.js'
import type { EventTimeFlow } from './event-time-flow.js'
import type { RecordView } from './record-view.js'

/** That of a repartition topic, where records tell nothing of time. */
const UNMOVED = new QuietTime()
UNMOVED.until = Number.POSITIVE_INFINITY

/** How the records of one input bring event time on, where it comes from watermarks. */
export class SourceEventTime {
  /** Of a topic of the user's. */
  private readonly own: SourceWatermark<unknown, unknown> | undefined
  /** Of a repartition topic. */
  private readonly shuffle: ShuffleWatermark | undefined
  /** What records move, and how far it is behind their timestamps. */
  private readonly quiet: QuietTime
  private readonly behind: number

  /** @param source the number of the source node in the flow */
  constructor(
    private readonly flow: EventTimeFlow,
    private readonly source: number,
    private readonly watermark: SourceWatermark<unknown, unknown> | ShuffleWatermark,
  ) {
    this.shuffle = watermark instanceof ShuffleWatermark ? watermark : undefined
    this.own = watermark instanceof ShuffleWatermark ? undefined : watermark
    this.quiet = this.own?.quiet ?? UNMOVED
    // Of a generator, which is to see all records, nothing passes: so far ahead there is always something to happen.
    this.behind = this.seesRecords ? Number.NEGATIVE_INFINITY : (this.own?.outOfOrderness ?? 0)
  }

  /** Whether it is to see records, and not only their timestamps. */
  get seesRecords(): boolean {
    return this.own?.seesRecords === true
  }

  get eventTime(): number {
    return this.watermark.eventTime
  }

  get idle(): boolean {
    return this.watermark.idle
  }

  /** The input is being read from now on: event time waits for it, when all have joined. */
  join(partitionTime: number, committedTime: number): void {
    this.own?.resume(partitionTime, committedTime)
    this.flow.join(this.source, this.watermark)
  }

  /** Takes a marker. @returns false: it is a record */
  takeMarker(view: RecordView): boolean {
    const { shuffle } = this
    if (shuffle === undefined || view.keyEnd >= 0 || !isMarker(view.headers)) return false
    if (shuffle.take(decodeMarker(view.buffer, view.valueStart, view.valueEnd)))
      this.flow.advance(this.source)
    return true
  }

  /** Takes note of a record that was processed, if nothing happens for its time. @returns false: it is to be observed */
  passes(timestamp: number): boolean {
    return this.quiet.pass(timestamp - this.behind)
  }

  /** Takes note of a record that was processed. */
  observe(timestamp: number): void {
    if (this.own?.observe(timestamp) === true) this.flow.advance(this.source)
  }

  /** As `observe`, where it is to see records. */
  observeRecord(record: SourceRecord<unknown, unknown>, timestamp: number): void {
    if (this.own!.observeRecord(record, timestamp)) this.flow.advance(this.source)
  }

  /** @param nothingFor for how long there has been nothing to read, milliseconds. @returns whether time has moved */
  tick(now: number, nothingFor: number): boolean {
    return this.moved(this.own?.tick(now, nothingFor) === true)
  }

  /** Nothing comes any more. @returns whether time has moved */
  end(): boolean {
    return this.moved(this.own?.end() === true)
  }

  private moved(advanced: boolean): boolean {
    if (advanced) this.flow.advance(this.source)
    return advanced
  }
}
