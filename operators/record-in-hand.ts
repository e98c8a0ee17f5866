import { NO_HEADERS } from '../src/serdes/record-headers.js'
import type { RecordContext } from './processor.js'

/** No record is in hand: what happens now, the clock or time has brought about. */
export function putDown(record: RecordContext): void {
  record.topic = ''
  record.partition = -1
  record.offset = -1
  record.headers = NO_HEADERS
}
