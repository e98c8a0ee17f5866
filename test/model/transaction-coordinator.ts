import type { EndTxnResponse } from '../../src/kafka/producer/api/end-txn.js'
import type { InitProducerIdResponse } from '../../src/kafka/producer/api/init-producer-id.js'
import type { ProducerIdentity } from '../../src/kafka/producer/producer-identity.js'
import { ErrorCode } from '../../src/kafka/protocol/error-codes.js'
import type { SimulatedTime } from './simulated-time.js'

type TransactionState =
  | 'empty'
  | 'ongoing'
  | 'prepare-commit'
  | 'prepare-abort'
  | 'complete-commit'
  | 'complete-abort'

interface Transaction {
  readonly id: string
  producerId: number
  epoch: number
  /** The epoch before the last bump, where who has it may still ask again; -1: none. */
  lastEpoch: number
  state: TransactionState
  timeoutMs: number
  /** What takes part: partitions of topics, and groups. */
  readonly participants: Set<string>
  begun: number
}

/** Writes the end of a producer's transaction at one participant. */
export type WriteMarker = (participant: string, producer: ProducerIdentity, commit: boolean) => void

const FIRST_PRODUCER_ID = 1000
const LAST_EPOCH = 32_766
const NO_EPOCH = -1

/**
 * The coordinator of transactional ids, with the rules of Kafka 4: fencing by epochs (KIP-360, KIP-588), and under
 * transactions v2 an epoch of its own for each transaction (KIP-890). Markers are written some time after the decision.
 */
export class TransactionCoordinator {
  private readonly transactions = new Map<string, Transaction>()
  private nextProducerId = FIRST_PRODUCER_ID

  constructor(
    private readonly time: SimulatedTime,
    /** How long the next marker is on its way. */
    private readonly markerDelay: () => number,
    private readonly writeMarker: WriteMarker,
  ) {
    const look = (): void => {
      this.expire(time.now)
      time.schedule(1000, look)
    }
    time.schedule(1000, look)
  }

  /** Producer ids of their own for producers without transactions. */
  newProducerId(): number {
    return this.nextProducerId++
  }

  initialize(id: string, timeoutMs: number, own: ProducerIdentity): InitProducerIdResponse {
    const known = this.transactions.get(id)
    if (known === undefined) return this.create(id, timeoutMs)
    if (own.producerId >= 0) {
      const ours = own.producerEpoch === known.epoch || own.producerEpoch === known.lastEpoch
      if (own.producerId !== known.producerId || !ours) return noProducer(ErrorCode.PRODUCER_FENCED)
    }
    if (isPreparing(known)) return noProducer(ErrorCode.CONCURRENT_TRANSACTIONS)
    if (known.state === 'ongoing') {
      this.fence(known)
      return noProducer(ErrorCode.CONCURRENT_TRANSACTIONS)
    }
    known.timeoutMs = timeoutMs
    const repeated = own.producerId >= 0 && own.producerEpoch === known.lastEpoch
    if (!repeated) this.bump(known, own.producerId >= 0 ? known.epoch : NO_EPOCH)
    known.state = 'empty'
    return { errorCode: ErrorCode.NONE, ...identityOf(known) }
  }

  /** Makes participants a part of a transaction, and opens it. */
  add(id: string, own: ProducerIdentity, participants: readonly string[]): number {
    const known = this.transactions.get(id)
    if (known === undefined || known.producerId !== own.producerId)
      return ErrorCode.INVALID_PRODUCER_ID_MAPPING
    if (known.epoch !== own.producerEpoch) return ErrorCode.PRODUCER_FENCED
    if (isPreparing(known)) return ErrorCode.CONCURRENT_TRANSACTIONS
    if (known.state !== 'ongoing') {
      known.state = 'ongoing'
      known.begun = this.time.now
    }
    for (const participant of participants) known.participants.add(participant)
    return ErrorCode.NONE
  }

  /** Whether a participant was added: transactions v1 are verified before they write (KIP-890, part 1). */
  verify(id: string, own: ProducerIdentity, participant: string): number {
    const known = this.transactions.get(id)
    if (known === undefined || known.producerId !== own.producerId)
      return ErrorCode.INVALID_PRODUCER_ID_MAPPING
    if (known.epoch !== own.producerEpoch) return ErrorCode.INVALID_PRODUCER_EPOCH
    const taken = known.state === 'ongoing' && known.participants.has(participant)
    return taken ? ErrorCode.NONE : ErrorCode.INVALID_TXN_STATE
  }

  end(id: string, own: ProducerIdentity, commit: boolean, version: 1 | 2): EndTxnResponse {
    const known = this.transactions.get(id)
    if (known === undefined || known.producerId !== own.producerId)
      return ended(ErrorCode.INVALID_PRODUCER_ID_MAPPING)
    const repeated = version === 2 && own.producerEpoch === known.epoch - 1 && known.state !== 'ongoing'
    if (own.producerEpoch !== known.epoch && !repeated) return ended(ErrorCode.PRODUCER_FENCED)
    if (known.state === 'ongoing') {
      this.decide(known, commit, version === 2)
      return this.answer(known, version)
    }
    if (isPreparing(known)) {
      const same = known.state === (commit ? 'prepare-commit' : 'prepare-abort')
      return ended(same ? ErrorCode.CONCURRENT_TRANSACTIONS : ErrorCode.INVALID_TXN_STATE)
    }
    if (version === 2 && !repeated) {
      if (commit) return ended(ErrorCode.INVALID_TXN_STATE)
      this.decide(known, false, true)
      return this.answer(known, version)
    }
    const same = known.state === (commit ? 'complete-commit' : 'complete-abort')
    return same ? this.answer(known, version) : ended(ErrorCode.INVALID_TXN_STATE)
  }

  /** Aborts every open transaction, as if all had timed out. */
  expireAll(): void {
    this.expire(Number.POSITIVE_INFINITY)
  }

  /** Transactional ids whose transaction has not ended. */
  get open(): string[] {
    return [...this.transactions.values()]
      .filter((each) => each.state === 'ongoing' || isPreparing(each))
      .map(({ id }) => id)
  }

  /** Whether a producer's latest transaction is committed, though its markers may be missing. */
  isCommitting(producerId: number): boolean {
    return [...this.transactions.values()].some(
      (each) => each.producerId === producerId && each.state === 'prepare-commit',
    )
  }

  private create(id: string, timeoutMs: number): InitProducerIdResponse {
    const created: Transaction = {
      id,
      producerId: this.newProducerId(),
      epoch: 0,
      lastEpoch: NO_EPOCH,
      state: 'empty',
      timeoutMs,
      participants: new Set(),
      begun: 0,
    }
    this.transactions.set(id, created)
    return { errorCode: ErrorCode.NONE, ...identityOf(created) }
  }

  private expire(now: number): void {
    for (const each of this.transactions.values()) {
      if (each.state === 'ongoing' && now - each.begun >= each.timeoutMs) this.fence(each)
    }
  }

  /** Aborts under a new epoch: whoever has the old one is out. */
  private fence(transaction: Transaction): void {
    this.decide(transaction, false, true)
    transaction.lastEpoch = NO_EPOCH
  }

  private decide(transaction: Transaction, commit: boolean, bump: boolean): void {
    if (bump) this.bump(transaction, transaction.epoch)
    transaction.state = commit ? 'prepare-commit' : 'prepare-abort'
    const marked = identityOf(transaction)
    const complete = (): void => {
      if (transaction.participants.size === 0) {
        transaction.state = commit ? 'complete-commit' : 'complete-abort'
      }
    }
    for (const participant of transaction.participants) {
      this.time.schedule(this.markerDelay(), () => {
        this.writeMarker(participant, marked, commit)
        transaction.participants.delete(participant)
        complete()
      })
    }
    complete()
  }

  private bump(transaction: Transaction, lastEpoch: number): void {
    transaction.lastEpoch = lastEpoch
    transaction.epoch++
    if (transaction.epoch <= LAST_EPOCH) return
    throw new Error('the simulation ends before the epochs of a producer id do')
  }

  private answer(transaction: Transaction, version: 1 | 2): EndTxnResponse {
    return { errorCode: ErrorCode.NONE, next: version === 2 ? identityOf(transaction) : undefined }
  }
}

const isPreparing = ({ state }: Transaction): boolean =>
  state === 'prepare-commit' || state === 'prepare-abort'

const identityOf = ({ producerId, epoch }: Transaction): ProducerIdentity => ({
  producerId,
  producerEpoch: epoch,
})

const noProducer = (errorCode: number): InitProducerIdResponse => ({
  errorCode,
  producerId: -1,
  producerEpoch: -1,
})

const ended = (errorCode: number): EndTxnResponse => ({ errorCode, next: undefined })
