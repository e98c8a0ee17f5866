import assert from 'node:assert/strict'
import { RecordCursor } from '../../src/kafka/records/record-cursor.js'
import { decodeCommitMetadata } from '../../src/runtime/commit-metadata.js'
import { decodeCheckpoint } from '../../src/state/checkpoint.js'
import {
  CHECKPOINT_KEY,
  kindRange,
  PREFIX_BYTES,
  ROW,
  readInt64,
  VALUE_OFFSET,
} from '../../src/state/row-layout.js'
import type { StateDatabase } from '../../src/state/state-database.js'
import { isMarker } from '../../src/time/watermark-marker.js'
import type { PartitionOffset } from './group-coordinator.js'
import type { SimulatedKafka } from './simulated-kafka.js'

export interface CommittedRecord {
  readonly key: string
  readonly value: Buffer | null
  readonly timestamp: number
  /** Whether it is no record, but tells how far event time has come. */
  readonly marker: boolean
}

/** Every committed record of a partition below an offset, whether or not its transaction has its marker yet. */
export function* committedRecords(
  kafka: SimulatedKafka,
  topic: string,
  partition: number,
  below = Number.POSITIVE_INFINITY,
): Generator<CommittedRecord> {
  const log = kafka.log(topic, partition)
  const undecided = log.open.filter(({ producerId }) => !kafka.transactions.isCommitting(producerId))
  const buffer = log.read(0, below)
  const cursor = new RecordCursor()
  cursor.open({
    topic,
    partition,
    buffer,
    start: 0,
    end: buffer.length,
    fetchOffset: 0,
    abortedTransactions: [...log.abortedFrom(0), ...undecided],
    highWatermark: log.endOffset,
    lastStableOffset: log.lastStableOffset,
    logStartOffset: 0,
    arrivedAt: 0,
    release: () => {},
  })
  while (cursor.next() && cursor.offset < below) {
    const { valueStart, valueEnd } = cursor
    yield {
      key: cursor.buffer.toString('latin1', cursor.keyStart, cursor.keyEnd),
      value: valueEnd < 0 ? null : Buffer.from(cursor.buffer.subarray(valueStart, valueEnd)),
      timestamp: cursor.timestamp,
      marker: isMarker(cursor.headers),
    }
  }
}

/** A store on disk equals a replay of its changelog up to its own offset: nothing uncommitted ever gets there. */
export async function assertReplayOfChangelog(
  kafka: SimulatedKafka,
  store: string,
  changelog: string,
  taskId: string,
  database: StateDatabase,
): Promise<void> {
  const encoded = database.get(CHECKPOINT_KEY)
  if (encoded === undefined) return
  const checkpoint = decodeCheckpoint(encoded, taskId)
  const { id, changelogOffset = 0 } = checkpoint.stores[store]!
  const partition = Number(taskId.split('_')[1])
  const expected = new Map<string, string>()
  for (const { key, value, timestamp } of committedRecords(kafka, changelog, partition, changelogOffset)) {
    if (value === null) expected.delete(key)
    else expected.set(key, `${value.toString('hex')}@${timestamp}`)
  }
  const onDisk = new Map<string, string>()
  for await (const { keys, values } of database.scan(kindRange(id, ROW))) {
    for (const [index, row] of values.entries()) {
      const value = `${row.subarray(VALUE_OFFSET).toString('hex')}@${readInt64(row, 0)}`
      onDisk.set(keys[index]!.toString('latin1', PREFIX_BYTES), value)
    }
  }
  assert.deepEqual(sorted(onDisk), sorted(expected), `store of task ${taskId} at ${changelogOffset}`)
}

/** Input is taken for processed on disk only where its offsets are committed. */
export function assertInputCommitted(kafka: SimulatedKafka, taskId: string, database: StateDatabase): void {
  const encoded = database.get(CHECKPOINT_KEY)
  if (encoded === undefined) return
  for (const [key, offset] of Object.entries(decodeCheckpoint(encoded, taskId).inputOffsets)) {
    const committed = kafka.group.offsetAfter(key, (id) => kafka.transactions.isCommitting(id))
    assert.ok(offset <= committed, `task ${taskId} has ${key} up to ${offset}, committed is ${committed}`)
  }
}

/** Neither committed offsets nor the partition time beside them go back. */
export function assertForward(
  offset: PartitionOffset,
  before: PartitionOffset | undefined,
  fingerprint: string,
): void {
  if (before === undefined) return
  const where = `${offset.topic}-${offset.partition}`
  const timeOf = ({ metadata }: PartitionOffset) => decodeCommitMetadata(metadata, fingerprint, where)
  assert.ok(offset.offset >= before.offset, `offset of ${where}: ${before.offset}, then ${offset.offset}`)
  assert.ok(timeOf(offset).partitionTime >= timeOf(before).partitionTime, `time of ${where} goes back`)
}

/** The values of each key of a topic, in order. */
export function valuesByKey(kafka: SimulatedKafka, topic: string): Map<string, string[]> {
  const values = new Map<string, string[]>()
  for (const partition of kafka.logs(topic).keys()) {
    for (const { key, value } of committedRecords(kafka, topic, partition)) {
      const ofKey = values.get(key) ?? []
      values.set(key, ofKey)
      ofKey.push(String(value))
    }
  }
  return values
}

export const sorted = <T>(map: ReadonlyMap<string, T>): [string, T][] =>
  [...map].sort(([a], [b]) => (a < b ? -1 : 1))
