import { StreamsError } from '../runtime/streams-error.js'
import { deserialized } from './serialized.js'
import type { RawRecord, TestRecord, TopicSerdes } from './test-record.js'

/** A topic that a test reads, from the first record that nobody read. Made by `TopologyTestDriver.createOutputTopic`. */
export class TestOutputTopic<K, V> {
  constructor(
    readonly name: string,
    private readonly serdes: TopicSerdes<K, V>,
    private readonly unread: RawRecord[],
  ) {}

  /**
   * Takes the next record.
   *
   * @throws {StreamsError} `NO_RECORD` if there is none.
   */
  read(): TestRecord<K, V> {
    const record = this.unread.shift()
    if (record === undefined) throw new StreamsError('NO_RECORD', `no unread record in topic ${this.name}`)
    return {
      key: deserialized(this.serdes.key, record.key),
      value: deserialized(this.serdes.value, record.value),
      timestamp: record.timestamp,
      headers: record.headers,
    }
  }

  /** Takes all records that are left. */
  readAll(): TestRecord<K, V>[] {
    const records: TestRecord<K, V>[] = []
    while (!this.isEmpty) records.push(this.read())
    return records
  }

  /** Takes all records that are left, without timestamps and headers. */
  readKeyValues(): [key: K | null, value: V | null][] {
    return this.readAll().map(({ key, value }) => [key, value])
  }

  /** Whether everything was read. */
  get isEmpty(): boolean {
    return this.unread.length === 0
  }

  /** How many records are left. */
  get size(): number {
    return this.unread.length
  }
}
