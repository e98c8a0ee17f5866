import { ErrorCode } from '../../src/kafka/protocol/error-codes.js'
import type { AbortedTransaction } from '../../src/kafka/records/fetched-chunk.js'
import {
  ATTRIBUTES_AT,
  BASE_SEQUENCE_AT,
  LAST_OFFSET_DELTA_AT,
  PRODUCER_EPOCH_AT,
  PRODUCER_ID_AT,
  RECORD_COUNT_AT,
  readInt64,
  TRANSACTIONAL_FLAG,
  writeInt64,
} from '../../src/kafka/records/record-batch-format.js'
import { marker } from '../kafka/records/batches.js'

interface StoredBatch {
  readonly baseOffset: number
  readonly endOffset: number
  readonly bytes: Buffer
}

interface ProducerState {
  epoch: number
  recent: { readonly sequence: number; readonly count: number; readonly baseOffset: number }[]
  /** First offset of the open transaction. */
  openSince: number | undefined
}

interface AbortedRange extends AbortedTransaction {
  readonly markerOffset: number
}

/** The producer's part of a batch's header. */
export interface BatchHeader {
  readonly producerId: number
  readonly epoch: number
  readonly sequence: number
  readonly count: number
  readonly transactional: boolean
}

export const headerOf = (bytes: Buffer): BatchHeader => ({
  producerId: readInt64(bytes, PRODUCER_ID_AT),
  epoch: bytes.readInt16BE(PRODUCER_EPOCH_AT),
  sequence: bytes.readInt32BE(BASE_SEQUENCE_AT),
  count: bytes.readInt32BE(RECORD_COUNT_AT),
  transactional: (bytes.readInt16BE(ATTRIBUTES_AT) & TRANSACTIONAL_FLAG) !== 0,
})

/** A partition as its leader keeps it: idempotent producers (KIP-98), transactions, the last stable offset. */
export class PartitionLog {
  endOffset = 0
  private readonly batches: StoredBatch[] = []
  private readonly producers = new Map<number, ProducerState>()
  private readonly aborted: AbortedRange[] = []

  /** Appends a batch, unless its epoch or sequence forbids it; a repeat is answered again. */
  append(bytes: Buffer): { errorCode: number; baseOffset: number } {
    const { producerId, epoch, sequence, count, transactional } = headerOf(bytes)
    if (producerId < 0) return { errorCode: ErrorCode.NONE, baseOffset: this.store(bytes) }
    const known = this.producers.get(producerId)
    const refusal = known === undefined ? undefined : refusalOf(known, epoch, sequence, count)
    if (refusal !== undefined) return refusal
    const producer: ProducerState =
      known?.epoch === epoch ? known : { epoch, recent: [], openSince: known?.openSince }
    this.producers.set(producerId, producer)
    const baseOffset = this.store(bytes)
    producer.recent = [...producer.recent, { sequence, count, baseOffset }].slice(-5)
    if (transactional) producer.openSince ??= baseOffset
    return { errorCode: ErrorCode.NONE, baseOffset }
  }

  /** Ends a producer's transaction here; its epoch fences what is older. */
  end(producerId: number, epoch: number, commit: boolean): void {
    const producer = this.producers.get(producerId)
    const markerOffset = this.store(marker(commit ? 'commit' : 'abort', this.endOffset, producerId))
    const firstOffset = producer?.openSince
    if (!commit && firstOffset !== undefined) this.aborted.push({ producerId, firstOffset, markerOffset })
    const recent = producer?.epoch === epoch ? producer.recent : []
    this.producers.set(producerId, { epoch, recent, openSince: undefined })
  }

  get lastStableOffset(): number {
    return Math.min(this.endOffset, ...this.open.map(({ firstOffset }) => firstOffset))
  }

  /** Whole batches from the one of `offset` on, up to `end`. */
  read(offset: number, end: number): Buffer {
    const wanted = this.batches.filter((batch) => batch.endOffset > offset && batch.baseOffset < end)
    return Buffer.concat(wanted.map(({ bytes }) => bytes))
  }

  /** The aborted transactions that reach into what is read from `offset` on. */
  abortedFrom(offset: number): AbortedTransaction[] {
    return this.aborted.filter(({ markerOffset }) => markerOffset >= offset)
  }

  /** Transactions that have no marker here yet. */
  get open(): AbortedTransaction[] {
    return [...this.producers].flatMap(([producerId, { openSince }]) =>
      openSince === undefined ? [] : [{ producerId, firstOffset: openSince }],
    )
  }

  private store(bytes: Buffer): number {
    const stored = Buffer.from(bytes)
    const baseOffset = this.endOffset
    writeInt64(stored, baseOffset, 0)
    this.endOffset = baseOffset + stored.readInt32BE(LAST_OFFSET_DELTA_AT) + 1
    this.batches.push({ baseOffset, endOffset: this.endOffset, bytes: stored })
    return baseOffset
  }
}

const refused = (errorCode: number) => ({ errorCode, baseOffset: -1 })

function refusalOf({ epoch, recent }: ProducerState, batchEpoch: number, sequence: number, count: number) {
  if (batchEpoch < epoch) return refused(ErrorCode.INVALID_PRODUCER_EPOCH)
  if (batchEpoch > epoch) {
    return sequence === 0 ? undefined : refused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER)
  }
  const repeat = recent.find((batch) => batch.sequence === sequence && batch.count === count)
  if (repeat !== undefined) return { errorCode: ErrorCode.NONE, baseOffset: repeat.baseOffset }
  const last = recent.at(-1)
  const expected = last === undefined ? 0 : (last.sequence + last.count) % 2 ** 31
  return sequence === expected ? undefined : refused(ErrorCode.OUT_OF_ORDER_SEQUENCE_NUMBER)
}
