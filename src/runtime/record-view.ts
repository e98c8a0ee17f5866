import type { RecordHeaders } from '../serdes/record-headers.js'

/** A record where it lies in a fetch response; a `RecordCursor` is one. An end of -1 means null. */
export interface RecordView {
  readonly buffer: Buffer
  readonly keyStart: number
  readonly keyEnd: number
  readonly valueStart: number
  readonly valueEnd: number
  readonly offset: number
  readonly timestamp: number
  readonly headers: RecordHeaders
}
