import {
  int32,
  type KeyValueStore,
  type Processor,
  type ProcessorContext,
  type ProcessorRecord,
  Stores,
  string,
  type Timer,
  Timers,
  type TimerType,
  Triggers,
  TumblingWindows,
} from '../../src/index.js'
import type { SpecifiedOperator } from './model/specified-operator.js'
import {
  SpecifiedTimers,
  type TimerOrders,
  type TimerRules,
  type TimesOfTimers,
} from './model/specified-timers.js'
import { SpecifiedTriggeredWindows } from './model/specified-triggered-windows.js'
import { specifiedTriggers } from './model/specified-triggers.js'
import { holdToSpecification, type Subject } from './model/subject.js'

const NOTHING: TimerOrders = { set: [], remove: [] }

/** Times are few, so that they meet: some have passed already, some are set twice, some taken back before they fire. */
const GRID: TimerRules = {
  atRecord: (value, timestamp) => {
    const five = timestamp - (timestamp % 5)
    const number = Number(value)
    return {
      set: [five + 5 * (number % 4), five + 10],
      remove: number % 3 === 0 ? [five + 5 * (number % 2), five + 15] : [],
    }
  },
  // Times before the next one are set, too, and it is taken back.
  atTimer: (at) => (at % 15 === 0 ? { set: [at + 2, at + 7, at - 1], remove: [at + 5] } : NOTHING),
}

/** A visit ends when no record has come for a while, however they are ordered. */
const SILENCE: TimerRules = {
  atRecord: (_, timestamp) => ({ set: [timestamp + 8], remove: [timestamp + 7, timestamp + 6] }),
  atTimer: () => NOTHING,
}

/** Timers of the clock, too, which set those of event time, and are set by them: some for times that have passed. */
const BOTH: TimerRules = {
  atRecord: (value, timestamp, clock) => {
    const ten = clock - (clock % 10)
    const number = Number(value)
    return {
      set: [timestamp + (number % 3)],
      remove: [],
      byClock: {
        set: [ten + 10 * (number % 3), clock + 7],
        remove: number % 3 === 0 ? [ten + 10 * (number % 2), ten + 20] : [],
      },
    }
  },
  atTimer: (at, type) => {
    if (type === 'event-time')
      return { ...NOTHING, byClock: { set: at % 2 === 0 ? [at + 1] : [], remove: [at + 2] } }
    return {
      set: at % 5 === 0 ? [at, at + 1] : [],
      remove: [],
      byClock: { set: at > 0 && at % 10 === 0 ? [at + 3, at - 1] : [], remove: [at + 7] },
    }
  },
}

const timers = Timers.of('timers', { key: string() })
const numbers = Stores.keyValue('numbers', { key: string(), value: int32() })

class Following implements Processor<string, string, string, string> {
  private context!: ProcessorContext<string, string>
  private timers!: Timers<string>
  private numbers!: KeyValueStore<string, number>

  constructor(private readonly rules: TimerRules) {}

  init(context: ProcessorContext<string, string>): void {
    this.context = context
    this.timers = context.timers(timers)
    this.numbers = context.store(numbers)
  }

  process({ key, value, timestamp }: ProcessorRecord<string, string>): void {
    this.follow(key, this.rules.atRecord(value, timestamp, this.timers.currentProcessingTime))
  }

  onTimer({ key, timestamp, type }: Timer<string>): void {
    const number = (this.numbers.get('fired') ?? 0) + 1
    this.numbers.put('fired', number)
    this.context.forward({ key, value: `${number}. ${this.when(type, timestamp)}`, timestamp })
    this.follow(key, this.rules.atTimer(timestamp, type, this.timers.currentProcessingTime))
  }

  private when(type: TimerType, timestamp: number): string {
    return type === 'event-time'
      ? `at ${timestamp}, ${this.timers.currentEventTime} has come`
      : `by the clock at ${timestamp}, it is ${this.timers.currentProcessingTime}`
  }

  private follow(key: string, { byClock, ...byEventTime }: TimerOrders): void {
    this.change('event-time', key, byEventTime)
    if (byClock !== undefined) this.change('processing-time', key, byClock)
  }

  private change(type: TimerType, key: string, { set, remove }: TimesOfTimers): void {
    for (const at of remove) this.timers.delete(type, key, at)
    for (const at of set) this.timers.set(type, key, at)
  }
}

const options = { timers, stores: [numbers] }
const follow = (rules: TimerRules) => () => new Following(rules)

/** Timers that are set by the results of windows. */
class SpecifiedVisits implements SpecifiedOperator {
  private readonly windows = new SpecifiedTriggeredWindows(
    { size: 10, advance: 10, grace: 5 },
    specifiedTriggers.eventTime(specifiedTriggers.count(2)),
    'discarding',
  )
  private readonly timers = new SpecifiedTimers(GRID)
  private now = -1

  constructor() {
    this.windows.emit = (key, row, timestamp) => this.timers.take('', key, lastOf(row!), timestamp, this.now)
  }

  take(topic: string, key: string, value: string, timestamp: number, now: number): void {
    this.windows.take(topic, key, value, timestamp, now)
  }

  advance(now: number): void {
    this.windows.advance(now)
    this.now = now
    this.timers.advance(now)
  }

  pass(clock: number): void {
    this.windows.pass(clock)
    this.timers.pass(clock)
  }

  takeResults() {
    return [...this.windows.takeResults(), ...this.timers.takeResults()]
  }

  get late(): number {
    return this.windows.late
  }
}

const all = (one: string, other: string): string => `${one} ${other}`
const lastOf = (values: string): string => values.split(' ').at(-1)!

const SUBJECTS: Readonly<Record<string, Subject>> = {
  'timers that are set and taken back': {
    shuffles: 1,
    build: ([stream]) => stream!.process(follow(GRID), options),
    specified: () => new SpecifiedTimers(GRID),
  },
  'timers of silence': {
    shuffles: 1,
    build: ([stream]) => stream!.process(follow(SILENCE), options),
    specified: () => new SpecifiedTimers(SILENCE),
  },
  'timers of event time and the clock': {
    shuffles: 1,
    build: ([stream]) => stream!.process(follow(BOTH), options),
    specified: () => new SpecifiedTimers(BOTH),
  },
  'timers of two inputs': {
    shuffles: 2,
    build: ([left, right]) => left!.merge(right!).process(follow(GRID), options),
    specified: () => new SpecifiedTimers(GRID),
  },
  'timers that results of windows set': {
    shuffles: 1,
    build: ([stream], late) =>
      stream!
        .groupByKey()
        .windowedBy(TumblingWindows.of(10).grace(5))
        .trigger(Triggers.purging(Triggers.eventTime({ early: Triggers.count(2) })))
        .reduce(all, { late })
        .map(({ key }, values) => [key, lastOf(values)])
        .process(follow(GRID), options),
    specified: () => new SpecifiedVisits(),
  },
}

holdToSpecification(SUBJECTS)
