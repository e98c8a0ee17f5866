import assert from 'node:assert/strict'
import { setImmediate as turn } from 'node:timers/promises'
import type { Fetcher } from '../../src/kafka/consumer/fetcher.js'
import { RecordCursor } from '../../src/kafka/records/record-cursor.js'

/** Takes one chunk of a partition of a SimulatedLog, waiting for it, and gives the offsets of its records. */
export const nextOffsets = async (fetcher: Fetcher, topic: string, partition: number): Promise<number[]> => {
  for (;;) {
    const chunk = fetcher.take(topic, partition)
    if (chunk === undefined) {
      await fetcher.available()
      await turn()
      continue
    }
    const cursor = new RecordCursor()
    cursor.open(chunk)
    const offsets: number[] = []
    while (cursor.next()) {
      assert.equal(
        cursor.buffer.toString('utf8', cursor.valueStart, cursor.valueEnd).trim(),
        String(cursor.offset),
      )
      offsets.push(cursor.offset)
    }
    return offsets
  }
}

/** The integers of [from, to). */
export const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from }, (_, index) => from + index)
