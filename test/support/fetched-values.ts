import type { Fetcher } from '../../src/kafka/consumer/fetcher.js'
import type { IsolationLevel } from '../../src/kafka/records/fetched-chunk.js'
import { RecordCursor } from '../../src/kafka/records/record-cursor.js'

/** Reads a partition that a fetcher has until the position is `end`; gives the values as text. */
export const valuesOf = async (
  fetcher: Fetcher,
  topic: string,
  partition: number,
  end: number,
  isolation: IsolationLevel = 'read_committed',
): Promise<string[]> => {
  const cursor = new RecordCursor()
  const values: string[] = []
  for (;;) {
    const chunk = fetcher.take(topic, partition)
    if (chunk === undefined) {
      await fetcher.available()
      // What is available may be another partition's.
      await new Promise(setImmediate)
      continue
    }
    cursor.open(chunk, isolation)
    while (cursor.next()) {
      const { buffer, valueStart, valueEnd } = cursor
      values.push(valueEnd < 0 ? '' : buffer.toString('utf8', valueStart, valueEnd))
    }
    if (cursor.nextOffset >= end) return values
  }
}
