import type {
  Alarm,
  Downstream,
  DropReason,
  OperatorProgress,
  OutsideCalls,
  ProcessorContext,
  RecordContext,
  Step,
  TimerCounts,
} from '../../operators/processor.js'
import type { Cancellable, PunctuationType } from '../../operators/processor-api.js'
import { putDown } from '../../operators/record-in-hand.js'
import type { StateStore } from '../state/store.js'
import type { EventClock } from '../time/event-clock.js'
import type { FailedRecord } from './exception-handlers.js'
import { ProcessingError } from './processing-error.js'
import { fanOut } from './processing-fan-out.js'
import type { TaskTime } from './punctuation.js'
import { StreamsError } from './streams-error.js'
import type { TaskCalls } from './task-calls.js'
import type { TaskTimers } from './task-timers.js'
import type { UnfinishedWork } from './unfinished-work.js'

/** What a node's context is made of. */
export interface NodeWiring<K, V> {
  readonly name: string
  readonly taskId: string
  readonly record: RecordContext
  readonly clock: EventClock
  /** Children by name, in the order of their creation. */
  readonly children: ReadonlyMap<string, Downstream<K, V>>
  /** The stores that the node declared. */
  readonly stores: ReadonlyMap<string, StateStore>
  globalStore(name: string): StateStore | undefined
  /** Names of the children that take only what is handed on to them by name. */
  readonly sideOutputs: ReadonlySet<string>
  /** How far event time has come at what the task reads; undefined: it does not come from watermarks. */
  eventTime(): number | undefined
  readonly time: TaskTime
  readonly work: UnfinishedWork
  readonly calls: TaskCalls
  /** Something begins or is scheduled that event time is to be told of before it goes on. */
  holdTime(): void
  readonly timers: TaskTimers
  /** Has event time go on to where a gate let it pass. */
  timePassed(): void
  /** Has the task run soon. */
  answerCame(): void
  readonly progress: OperatorProgress
  readonly emitInterval: number
  dropped(node: string, reason: DropReason): void
  requestCommit(): void
  /** Throws the error of a schedule, of a step of something long, or of a record, or counts it. */
  failed(error: unknown, record?: FailedRecord): void
}

/** The context of one processor in one task. */
export class NodeContext<K, V> implements ProcessorContext<K, V> {
  readonly name: string
  readonly taskId: string
  readonly record: RecordContext
  readonly clock: EventClock
  readonly downstream: Downstream<K, V>
  readonly progress: OperatorProgress
  readonly emitInterval: number

  constructor(private readonly wiring: NodeWiring<K, V>) {
    this.name = wiring.name
    this.taskId = wiring.taskId
    this.record = wiring.record
    this.clock = wiring.clock
    this.progress = wiring.progress
    this.emitInterval = wiring.emitInterval
    const { children, sideOutputs } = wiring
    this.downstream = fanOut([...children].flatMap(([name, child]) => (sideOutputs.has(name) ? [] : [child])))
  }

  child(name: string): Downstream<K, V> {
    const child = this.wiring.children.get(name)
    if (child === undefined) throw new Error(`operator ${this.name} has no child ${name}`)
    return child
  }

  store<S extends StateStore>(name: string): S {
    const store = this.wiring.stores.get(name) ?? this.wiring.globalStore(name)
    if (store === undefined) throw new Error(`operator ${this.name} is not connected to store ${name}`)
    return store as S
  }

  get streamTime(): number {
    return this.wiring.time.reached
  }

  get watermark(): number | undefined {
    const eventTime = this.wiring.eventTime()
    return eventTime === undefined || eventTime < 0 ? undefined : eventTime - 1
  }

  get systemTime(): number {
    return this.wiring.time.systemTime
  }

  schedule(interval: number, type: PunctuationType, fire: (timestamp: number) => void): Cancellable {
    const { record, wiring } = this
    wiring.holdTime()
    return wiring.time.schedule(interval, type, (timestamp) => {
      putDown(record)
      try {
        fire(timestamp)
      } catch (cause) {
        wiring.failed(this.userError(cause))
      }
    })
  }

  alarm(ring: () => void): Alarm {
    return this.wiring.time.alarm(ring)
  }

  inSteps(step: Step): void {
    const { wiring } = this
    wiring.holdTime()
    wiring.work.begin((interrupted) => {
      try {
        return step(interrupted)
      } catch (error) {
        wiring.failed(error)
        return true
      }
    })
  }

  callsOutside(calls: OutsideCalls): void {
    this.wiring.calls.add(this.name, calls)
  }

  setsTimers(timers: TimerCounts): void {
    this.wiring.timers.add(this.name, timers)
  }

  answerCame(): void {
    this.wiring.answerCame()
  }

  timePassed(): void {
    this.wiring.timePassed()
  }

  requestCommit(): void {
    this.wiring.requestCommit()
  }

  dropped(reason: DropReason): void {
    this.wiring.dropped(this.name, reason)
  }

  failed(cause: unknown, key: unknown, value: unknown, timestamp: number): void {
    this.wiring.failed(this.userError(cause), { key, value, timestamp })
  }

  userError(cause: unknown): Error {
    return cause instanceof StreamsError ? cause : new ProcessingError(this.name, this.record, cause)
  }
}
