/** One record header; Kafka allows the same key several times and keeps their order. */
export interface RecordHeader {
  readonly key: string
  readonly value: Buffer | null
}

/** The headers of a record, in order. */
export type RecordHeaders = readonly RecordHeader[]

/** The headers of a record that has none; shared, so that such a record costs no allocation. */
export const NO_HEADERS: RecordHeaders = Object.freeze([])

/** Headers that may outlive the batch they came in. */
export const copiedHeaders = (headers: RecordHeaders): RecordHeaders =>
  headers.length === 0
    ? NO_HEADERS
    : headers.map(({ key, value }) => ({ key, value: value && Buffer.from(value) }))
