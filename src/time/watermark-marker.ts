import type { RecordHeaders } from '../serdes/record-headers.js'

/** How far one task has come that writes to a repartition topic. */
export interface TaskWatermark {
  /** Its partition. */
  readonly task: number
  /** Everything earlier that it writes to the topic has been written. */
  readonly eventTime: number
  readonly idle: boolean
}

/** What travels through a repartition topic between records: how far event time has come at who writes to it. */
export interface WatermarkMarker {
  /** The sub-topology that writes. */
  readonly subTopology: number
  /** How many tasks it has. */
  readonly tasks: number
  /** Those that the marker tells of. */
  readonly watermarks: readonly TaskWatermark[]
}

/** What tells a marker from a record without key. */
export const MARKER_HEADER = 'millrace-marker'

export const markerHeaders: RecordHeaders = Object.freeze([{ key: MARKER_HEADER, value: Buffer.alloc(0) }])

export const isMarker = (headers: RecordHeaders): boolean =>
  headers.length === 1 && headers[0]!.key === MARKER_HEADER

/** A marker's value: JSON, so that Kafka's own tools show it. */
export const encodeMarker = ({ subTopology, tasks, watermarks }: WatermarkMarker): Buffer =>
  Buffer.from(
    JSON.stringify({
      subTopology,
      tasks,
      watermarks: watermarks.map(({ task, eventTime, idle }) => [task, eventTime, idle ? 1 : 0]),
    }),
  )

export function decodeMarker(source: Buffer, start: number, end: number): WatermarkMarker {
  const { subTopology, tasks, watermarks } = JSON.parse(source.toString('utf8', start, end)) as {
    readonly subTopology: number
    readonly tasks: number
    readonly watermarks: readonly (readonly [number, number, number])[]
  }
  return {
    subTopology,
    tasks,
    watermarks: watermarks.map(([task, eventTime, idle]) => ({ task, eventTime, idle: idle === 1 })),
  }
}
