/**
 * Records per second through the record-batch codec on one core: values of 90 bytes, keys of 9.
 *
 *     node dist/bench/micro/record-batch.js [seconds per measurement, default 1]
 */
import type { FetchedChunk } from '../../src/kafka/records/fetched-chunk.js'
import { RecordBatchBuilder } from '../../src/kafka/records/record-batch-builder.js'
import { RecordCursor } from '../../src/kafka/records/record-cursor.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { string } from '../../src/serdes/string.js'

const RECORDS_PER_BATCH = 8_000
const START = 1_700_000_000_000

const text = string()
const pad = 'x'.repeat(23)
const value = (index: number): string =>
  `{"id":${1_000_000 + index},"user":"user-${(index * 7919) % 10_000}","amount":${index % 1000},"type":"view","pad":"${pad}"}`

const values = Array.from({ length: RECORDS_PER_BATCH }, (_, index) => value(index))
const keys = Buffer.from(values.map((_, index) => `user-${1000 + ((index * 7919) % 9000)}`).join(''))
const KEY_BYTES = 9

const encode = (builder: RecordBatchBuilder): Buffer => {
  builder.reset()
  for (let index = 0; index < RECORDS_PER_BATCH; index++) {
    const keyStart = index * KEY_BYTES
    builder.append(START + index, keys, keyStart, keyStart + KEY_BYTES, values[index]!, text, NO_HEADERS)
  }
  return builder.seal(1, 0, 0, true)
}

const chunkOf = (buffer: Buffer): FetchedChunk => ({
  topic: 'bench',
  partition: 0,
  buffer,
  start: 0,
  end: buffer.length,
  release: () => {},
  fetchOffset: 0,
  abortedTransactions: [],
  highWatermark: RECORDS_PER_BATCH,
  lastStableOffset: RECORDS_PER_BATCH,
  logStartOffset: 0,
  arrivedAt: 0,
})

const seconds = Number(process.argv[2] ?? 1)

/** Counts CPU time, so that other work on the machine hardly shows. */
const measure = (name: string, batch: () => number): void => {
  for (let warmUp = 0; warmUp < 50; warmUp++) batch()
  let records = 0
  const begin = process.cpuUsage()
  const end = performance.now() + seconds * 1000
  while (performance.now() < end) records += batch()
  const { user, system } = process.cpuUsage(begin)
  console.log(`${name.padEnd(44)} ${(records / (user + system)).toFixed(2)} M records per CPU second`)
}

const builder = new RecordBatchBuilder({ maxBytes: 16_000_000 })
const copies = new RecordBatchBuilder({ maxBytes: 16_000_000 })
const cursor = new RecordCursor()
const batch = Buffer.from(encode(builder))
const chunk = chunkOf(batch)
console.log(`${(batch.length / RECORDS_PER_BATCH).toFixed(1)} bytes a record on the wire`)

measure('encode, string values', () => {
  encode(builder)
  return RECORDS_PER_BATCH
})

measure('encode, copied bytes (decode included)', () => {
  copies.reset()
  cursor.open(chunk)
  while (cursor.next()) {
    const { buffer } = cursor
    copies.appendBytes(
      cursor.timestamp,
      buffer,
      cursor.keyStart,
      cursor.keyEnd,
      buffer,
      cursor.valueStart,
      cursor.valueEnd,
      NO_HEADERS,
    )
  }
  copies.seal(1, 0, 0, true)
  return RECORDS_PER_BATCH
})

let sink = 0

measure('decode, positions only', () => {
  cursor.open(chunk)
  let records = 0
  while (cursor.next()) {
    sink += cursor.valueEnd - cursor.valueStart + cursor.keyEnd + cursor.timestamp
    records++
  }
  return records
})

measure('decode, value as string', () => {
  cursor.open(chunk)
  let records = 0
  while (cursor.next()) {
    sink += text.deserialize(cursor.buffer, cursor.valueStart, cursor.valueEnd).length
    records++
  }
  return records
})

if (sink === 0) throw new Error('nothing was read')
