import { Producer, type ProducerOptions } from '../../../src/kafka/producer/producer.js'
import type { ProducerIdentity } from '../../../src/kafka/producer/producer-identity.js'
import { ErrorCode } from '../../../src/kafka/protocol/error-codes.js'
import { answerOf, batchesIn, produced, type SentBatch } from '../support/scripted-broker.js'
import { ScriptedTransport } from '../support/scripted-transport.js'

export const IN_GROUP = { groupId: 'g', generationId: 3, memberId: 'm-1' }
export const OFFSETS = [{ topic: 'in', partition: 0, offset: 42 }]

/** Error codes that the next answers of an API carry, or errors that they fail with; NONE when they run out. */
type Script = (number | Error)[]

/** A coordinator that knows one transactional id, and partitions that take everything. */
export class ScriptedTransactions {
  readonly transport = new ScriptedTransport()
  identity: ProducerIdentity = { producerId: 100, producerEpoch: 0 }
  private readonly scripts = new Map<string, Script>()

  constructor(version: 1 | 2) {
    this.transport.features.set('transaction.version', version)
    this.transport
      .on('InitProducerId', () => {
        const errorCode = this.next('InitProducerId')
        return { errorCode, ...(errorCode === 0 ? this.bump() : { producerId: -1, producerEpoch: -1 }) }
      })
      .on('AddPartitionsToTxn', () => [
        { topic: 't', partition: 0, errorCode: this.next('AddPartitionsToTxn') },
      ])
      .on('AddOffsetsToTxn', () => ({ errorCode: this.next('AddOffsetsToTxn') }))
      .on('TxnOffsetCommit', () => [{ topic: 'in', partition: 0, errorCode: this.next('TxnOffsetCommit') }])
      .on('Produce', (request) => {
        const errorCode = this.next('Produce')
        return answerOf(batchesIn(request).map((batch) => produced(batch, errorCode)))
      })
      .on('EndTxn', (request) => {
        const errorCode = this.next('EndTxn')
        const bumped = errorCode === ErrorCode.NONE && request.version >= 5
        return { errorCode, next: bumped ? this.bump() : undefined }
      })
  }

  /** What the next answers of an API are. */
  script(api: string, ...answers: Script): void {
    this.scripts.set(api, answers)
  }

  async producer(options: ProducerOptions = {}): Promise<Producer> {
    const producer = new Producer(this.transport, { transactionalId: 'tx', ...options })
    await producer.init()
    this.transport.requests.length = 0
    return producer
  }

  /** Every batch that was sent, in order. */
  get batches(): SentBatch[] {
    return this.transport.sent('Produce').flatMap(batchesIn)
  }

  private bump(): ProducerIdentity {
    const { producerId, producerEpoch } = this.identity
    this.identity =
      producerEpoch >= 32_766
        ? { producerId: producerId + 1, producerEpoch: 0 }
        : { producerId, producerEpoch: producerEpoch + 1 }
    return this.identity
  }

  private next(api: string): number {
    const answer = this.scripts.get(api)?.shift() ?? ErrorCode.NONE
    if (typeof answer !== 'number') throw answer
    return answer
  }
}
