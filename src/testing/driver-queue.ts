import type { RecordView } from '../runtime/record-view.js'
import type { RawRecord } from './test-record.js'

interface QueuedRecord {
  readonly topic: string
  readonly view: RecordView
}

/**
 * The records on their way into the task, one partition a topic. As in Kafka Streams the head with the lowest
 * timestamp goes first, where they are equal that of the topic that was written first.
 */
export class DriverQueue {
  private readonly topics = new Map<string, { nextOffset: number; readonly waiting: RecordView[] }>()

  add(topic: string, record: RawRecord): void {
    const queue = this.topics.get(topic) ?? { nextOffset: 0, waiting: [] }
    this.topics.set(topic, queue)
    queue.waiting.push(viewOf(record, queue.nextOffset++))
  }

  take(): QueuedRecord | undefined {
    let next: { readonly topic: string; readonly waiting: RecordView[] } | undefined
    for (const [topic, { waiting }] of this.topics) {
      const head = waiting[0]
      if (head === undefined) continue
      if (next === undefined || head.timestamp < next.waiting[0]!.timestamp) next = { topic, waiting }
    }
    return next && { topic: next.topic, view: next.waiting.shift()! }
  }
}

function viewOf({ key, value, timestamp, headers }: RawRecord, offset: number): RecordView {
  const keyLength = key?.length ?? 0
  const valueLength = value?.length ?? 0
  return {
    buffer: Buffer.concat([key ?? Buffer.alloc(0), value ?? Buffer.alloc(0)]),
    keyStart: 0,
    keyEnd: key === null ? -1 : keyLength,
    valueStart: keyLength,
    valueEnd: value === null ? -1 : keyLength + valueLength,
    offset,
    timestamp,
    headers,
  }
}
