import type { Payload } from './payload.js'

/** Reads what was written with one type, as another one or the same has it. */
export interface ValueReader {
  read(payload: Payload): unknown
  /** Goes on behind the value. */
  skip(payload: Payload): void
}
