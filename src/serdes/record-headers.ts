/** One record header; Kafka allows the same key several times and keeps their order. */
export interface RecordHeader {
  readonly key: string
  readonly value: Buffer | null
}

/** The headers of a record, in order. */
export type RecordHeaders = readonly RecordHeader[]

/** The headers of a record that has none; shared, so that such a record costs no allocation. */
export const NO_HEADERS: RecordHeaders = Object.freeze([])
