import type { ProducePartitionResult, ProduceResponse } from '../../../src/kafka/producer/api/produce.js'
import type { ProducerIdentity } from '../../../src/kafka/producer/producer-identity.js'
import { ErrorCode } from '../../../src/kafka/protocol/error-codes.js'
import type { SentRequest } from './scripted-transport.js'

/** The header of a record batch, as far as a producer decides it. */
export interface SentBatch extends ProducerIdentity {
  readonly topic: string
  readonly partition: number
  readonly sequence: number
  readonly count: number
  readonly records: Buffer
}

/** Takes a Produce request apart. */
export function batchesIn(request: SentRequest): SentBatch[] {
  const reader = request.read()
  reader.readCompactString()
  reader.readInt16()
  reader.readInt32()
  return reader
    .readCompactArray(() => {
      const topic = reader.readCompactString() ?? ''
      const batches = reader.readCompactArray(() => {
        const partition = reader.readInt32()
        const records = reader.readCompactByteArray() ?? Buffer.alloc(0)
        reader.skipTaggedFields()
        return headerOf(topic, partition, records)
      })
      reader.skipTaggedFields()
      return batches
    })
    .flat()
}

function headerOf(topic: string, partition: number, records: Buffer): SentBatch {
  const producerId = Number(records.readBigInt64BE(43))
  const producerEpoch = records.readInt16BE(51)
  const sequence = records.readInt32BE(53)
  const count = records.readInt32BE(57)
  return { topic, partition, producerId, producerEpoch, sequence, count, records }
}

export function produced(batch: SentBatch, errorCode: number, baseOffset = 0): ProducePartitionResult {
  const { topic, partition } = batch
  return { topic, partition, errorCode, errorMessage: null, baseOffset, logAppendTime: -1 }
}

/** The answer to a Produce request, of a broker that puts nobody off. */
export const answerOf = (partitions: readonly ProducePartitionResult[], throttleMs = 0): ProduceResponse => ({
  throttleMs,
  partitions,
})

/**
 * A partition's log with Kafka's rules for idempotent producers: the next sequence is appended, one of the last five
 * batches is answered again, anything else is out of order.
 */
export class IdempotentLog {
  readonly appended: SentBatch[] = []
  private end = 0
  private recent: { batch: SentBatch; offset: number }[] = []

  append(batch: SentBatch): { errorCode: number; baseOffset: number } {
    const last = this.recent.at(-1)?.batch
    const sameEpoch = last?.producerEpoch === batch.producerEpoch && last.producerId === batch.producerId
    if (!sameEpoch) this.recent = []
    const repeat = this.recent.find(({ batch: { sequence } }) => sequence === batch.sequence)
    if (repeat !== undefined) return { errorCode: ErrorCode.NONE, baseOffset: repeat.offset }
    const expected = sameEpoch ? (last.sequence + last.count) % 2 ** 31 : 0
    if (batch.sequence !== expected)
      return { errorCode: ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER, baseOffset: -1 }
    const offset = this.end
    this.end += batch.count
    this.appended.push(batch)
    this.recent = [...this.recent, { batch, offset }].slice(-5)
    return { errorCode: ErrorCode.NONE, baseOffset: offset }
  }
}
