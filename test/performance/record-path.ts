/**
 * Counts the bytes of JavaScript heap that a record costs on the way through the record-batch codec and JSON, and
 * prints them. Needs `--expose-gc` and a young generation that holds a whole measurement, so that nothing is collected
 * in between.
 */
import { RecordBatchBuilder } from '../../src/kafka/records/record-batch-builder.js'
import { RecordCursor } from '../../src/kafka/records/record-cursor.js'
import { json } from '../../src/serdes/json.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { string } from '../../src/serdes/string.js'
import { chunkOf } from '../kafka/records/batches.js'
import { heapBytesPer } from './counted-bytes.js'

const RECORDS = 8_000

const keys = Buffer.from('user-0001')
const text = string()
const event = json<{ readonly id: number; readonly amount: number }>()
const values = Array.from({ length: RECORDS }, (_, index) =>
  JSON.stringify({
    id: 1_000_000 + index,
    user: 'user-0001',
    amount: index % 1000,
    type: 'view',
    pad: 'x'.repeat(23),
  }),
)
const builder = new RecordBatchBuilder({ maxBytes: 16_000_000 })
const cursor = new RecordCursor()

const append = (): void => {
  builder.reset()
  for (const value of values) builder.append(1_700_000_000_000, keys, 0, keys.length, value, text, NO_HEADERS)
}
append()
/** Read again and again, so never given back. */
const chunk = { ...chunkOf([Buffer.from(builder.seal(1, 0, 0, true))]), release: () => {} }
let sink = 0

const positions = (): void => {
  cursor.open(chunk)
  while (cursor.next()) sink += cursor.valueEnd - cursor.keyStart
}

const parse = (): void => {
  cursor.open(chunk)
  while (cursor.next()) sink += event.deserialize(cursor.buffer, cursor.valueStart, cursor.valueEnd).amount
}

const counted = {
  append: heapBytesPer(RECORDS, append),
  positions: heapBytesPer(RECORDS, positions),
  parse: heapBytesPer(RECORDS, parse),
}
if (sink === 0) throw new Error('nothing was read')
console.log(JSON.stringify(counted))
