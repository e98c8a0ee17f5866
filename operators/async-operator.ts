import { ByteWriter } from '../src/serdes/byte-writer.js'
import type { Serde } from '../src/serdes/serde.js'
import { HeapSize } from '../src/state/heap-size.js'
import type { OrderedStore } from '../src/state/store.js'
import type { TimeListener } from '../src/time/event-clock.js'
import { TimeGate } from '../src/time/time-gate.js'
import { AsyncCalls, type AsyncFunction, type Call, type CallPolicy, newCall } from './async-calls.js'
import type { InFlightRecord } from './in-flight-record.js'
import { keptRecord } from './kept-record.js'
import type { CallCounts, Downstream, OutsideCalls, Processor, ProcessorContext } from './processor.js'
import { OwnRowByRow, type OwnRows } from './steps.js'

/**
 * In which order results are handed on:
 *
 * - `input`: that of the records.
 * - `key`: of the records of a key, their own; at most one call a key is made at a time. Those without key have no order.
 * - `none`: as they come, but none before a watermark that came before its record.
 */
export type AsyncOrder = 'input' | 'key' | 'none'

/** What becomes of a record and its result. */
export interface AsyncEffect<K, V, R, KR, VR> {
  /** Throws if a function of the user returned what it must not. @returns what is to be handed on */
  read(result: R): R
  forward(record: InFlightRecord<K, V>, result: R, downstream: Downstream<KR, VR>): void
}

/** An asynchronous operator. */
export interface AsyncOperator<K, V, R> {
  readonly ask: AsyncFunction<K, V, R>
  readonly order: AsyncOrder
  readonly policy: CallPolicy
  /** Name of the store of what is in flight. */
  readonly store: string
  readonly key: Serde<K>
}

/** A record in flight. */
interface InFlight<K, V, R> extends Call<K, V, R> {
  /** Counts the records of the operator. */
  readonly sequence: number
  readonly record: InFlightRecord<K, V>
  /** What its key is known by where that has an order. */
  readonly keyId: string | undefined
  /** What it takes in memory, by estimate, its result included once that is there. */
  bytes: number
}

/** What a record in flight takes in memory beside its key, value and result: its call, its promise, its places in maps. */
const IN_FLIGHT_BYTES = 1000

/**
 * Asks the outside about each record and hands on what it answers. Records in flight are rows of a store, from before
 * their call is made until their result is handed on, in one epoch with it: who takes over asks about them again.
 */
export class AsyncProcessor<K, V, R, KR, VR>
  implements Processor<K, V, KR, VR>, OutsideCalls, TimeListener, OwnRows
{
  private context!: ProcessorContext<KR, VR>
  private store!: OrderedStore<number, InFlightRecord<K, V>>
  private calls!: AsyncCalls<K, V, R, InFlight<K, V, R>>
  private results!: OwnRowByRow
  timeGate: TimeGate | undefined
  /** By sequence, in order. */
  private readonly inFlight = new Map<number, InFlight<K, V, R>>()
  private inFlightBytes = 0
  private readonly heapSize = new HeapSize()
  private next = 0
  /** Results that can be handed on, where their order is not that of the records. */
  private readonly done: InFlight<K, V, R>[] = []
  /** Results that are not to be handed on before time has passed. */
  private behindTime: InFlight<K, V, R>[] = []
  /** Of the keys with a call: the records that wait for its end. */
  private readonly keys = new Map<string, InFlight<K, V, R>[]>()
  private readonly keyBytes = new ByteWriter(64)

  constructor(
    private readonly operator: AsyncOperator<K, V, R>,
    private readonly effect: AsyncEffect<K, V, R, KR, VR>,
  ) {}

  init(context: ProcessorContext<KR, VR>): void {
    this.context = context
    this.store = context.store(this.operator.store)
    this.results = new OwnRowByRow(context, this)
    this.calls = new AsyncCalls(
      this.operator.ask,
      this.operator.policy,
      () => context.systemTime,
      (call) => this.settled(call),
      () => context.answerCame(),
    )
    if (context.clock.follows === 'watermarks') {
      this.timeGate = new TimeGate(context.clock, context.progress)
      context.clock.onAdvance(this)
    }
    context.callsOutside(this)
    this.askAgain()
  }

  /** Takes up what was in flight when the task last ended. */
  private askAgain(): void {
    for (const { key: sequence, value } of this.store.range(undefined, undefined)) {
      this.next = sequence + 1
      this.timeGate?.restored(sequence)
      this.take(sequence, value!, this.idOf(value!.key))
    }
    this.timeGate?.arrived()
  }

  process(key: K, value: V, timestamp: number): void {
    const record = { ...keptRecord(this.context.record, timestamp), key, value }
    const keyId = this.idOf(key)
    const sequence = this.next++
    this.store.write(this.store.entry(sequence), record, timestamp, record.headers)
    this.timeGate?.entered(sequence)
    this.take(sequence, record, keyId)
  }

  private take(sequence: number, record: InFlightRecord<K, V>, keyId: string | undefined): void {
    const { key, value } = record
    const bytes = IN_FLIGHT_BYTES + this.heapSize.of(key) + this.heapSize.of(value)
    const call = {
      ...newCall<K, V, R>(key, value, this.operator.policy.timeout),
      sequence,
      record,
      keyId,
      bytes,
    }
    this.inFlight.set(sequence, call)
    this.inFlightBytes += bytes
    const waiting = keyId === undefined ? undefined : this.keys.get(keyId)
    if (waiting !== undefined) {
      waiting.push(call)
      return
    }
    if (keyId !== undefined) this.keys.set(keyId, [])
    this.calls.add(call)
  }

  /** What a key is known by where it has an order. */
  private idOf(key: K): string | undefined {
    if (this.operator.order !== 'key' || key === null || key === undefined) return undefined
    const { keyBytes } = this
    keyBytes.reset()
    try {
      this.operator.key.serialize(key, keyBytes)
    } catch (cause) {
      throw this.context.userError(cause)
    }
    return keyBytes.buffer.toString('latin1', 0, keyBytes.position)
  }

  timeAdvanced(): void {
    this.timeGate!.arrived()
  }

  private settled(call: InFlight<K, V, R>): void {
    const { outcome } = call
    if (outcome !== undefined && 'result' in outcome) {
      const bytes = this.heapSize.of(outcome.result)
      call.bytes += bytes
      this.inFlightBytes += bytes
    }
    if (this.operator.order !== 'input') {
      const waits = this.operator.order === 'none' && this.timeGate?.isBehind(call.sequence) === true
      if (waits) this.behindTime.push(call)
      else this.done.push(call)
    }
    this.context.answerCame()
  }

  /** The next one whose result can be handed on. */
  private get nextDone(): InFlight<K, V, R> | undefined {
    if (this.operator.order !== 'input') return this.done[0]
    const [first] = this.inFlight.values()
    return first?.outcome === undefined ? undefined : first
  }

  get full(): boolean {
    const { capacity, capacityBytes } = this.operator.policy
    return this.inFlight.size >= capacity || this.inFlightBytes >= capacityBytes
  }

  get calling(): boolean {
    return this.calls.calling
  }

  get ready(): boolean {
    return !this.results.pending && this.inFlight.size > 0 && this.nextDone !== undefined
  }

  takeResults(): void {
    this.results.begin()
  }

  /** Hands on one result. */
  handOn(): boolean {
    const call = this.nextDone
    if (call === undefined) return false
    const { sequence, record } = call
    if (this.operator.order !== 'input') this.done.shift()
    this.inFlight.delete(sequence)
    this.inFlightBytes -= call.bytes
    this.store.write(this.store.entry(sequence), undefined, record.timestamp, record.headers)
    const inHand = { ...this.context.record }
    const { topic, partition, offset, headers } = record
    Object.assign(this.context.record, { topic, partition, offset, headers })
    this.handOnResult(call)
    Object.assign(this.context.record, inHand)
    this.left(call)
    return true
  }

  private handOnResult({ record, outcome }: InFlight<K, V, R>): void {
    const { key, value, timestamp } = record
    let result: R
    try {
      if ('error' in outcome!) throw outcome.error
      result = this.effect.read(outcome!.result)
    } catch (cause) {
      this.context.failed(cause, key, value, timestamp)
      return
    }
    this.effect.forward(record, result, this.context.downstream)
  }

  private left({ sequence, keyId }: InFlight<K, V, R>): void {
    if (keyId !== undefined) {
      const following = this.keys.get(keyId)!.shift()
      if (following === undefined) this.keys.delete(keyId)
      else this.calls.add(following)
    }
    if (this.timeGate?.left(sequence) !== true) return
    this.done.push(...this.behindTime)
    this.behindTime = []
    this.context.timePassed()
  }

  get due(): number {
    return this.calls.due
  }

  clockMoved(now: number): void {
    this.calls.clockMoved(now)
  }

  abandon(): void {
    this.calls.abandon()
  }

  get counts(): CallCounts {
    return this.calls.counts(this.inFlight.size)
  }
}
