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
} from '../../src/index.js'
import type { TimerRules } from '../time/model/specified-timers.js'

/** Times of timers meet on this grid, milliseconds. */
const GRID = 100

/** Timers are set and taken back, some when their time has passed, some when others fire. */
export const RULES: TimerRules = {
  atRecord: (entry, timestamp) => {
    const slot = timestamp - (timestamp % GRID)
    const number = entry.length + timestamp
    return {
      set: [slot + GRID * (number % 6), slot + 2.5 * GRID],
      remove: number % 3 === 0 ? [slot + GRID * (number % 2), slot + 3 * GRID] : [],
    }
  },
  atTimer: (at) =>
    at % 300 === 0 ? { set: [at + 40, at + 130, at - 1], remove: [at + GRID] } : { set: [], remove: [] },
}

export const alarms = Timers.of('alarms', { key: string() })
const fired = Stores.keyValue('fired', { key: string(), value: int32() })

/** What {@link Journal} is declared with. */
export const journalOptions = { timers: alarms, stores: [fired] }

/** What has happened, and up to which event time everything had come to the journal. */
export const entryOf = (what: string, eventTime: number): string => `${what}, ${eventTime} has come`

export const eventTimeOf = (entry: string): number => Number(/, (-?\d+) has come$/.exec(entry)![1])

/**
 * Writes down everything that happens in a task, with how far event time has come; in between timers fire that the entries
 * set.
 */
export class Journal implements Processor<string, string, string, string> {
  private context!: ProcessorContext<string, string>
  private alarms!: Timers<string>
  private fired!: KeyValueStore<string, number>
  private partition!: string

  init(context: ProcessorContext<string, string>): void {
    this.context = context
    this.alarms = context.timers(alarms)
    this.fired = context.store(fired)
    this.partition = context.taskId.split('_')[1]!
  }

  process({ key, value, timestamp }: ProcessorRecord<string, string>): void {
    this.write(`${key} ${value} @${timestamp}`)
    this.follow(key, RULES.atRecord(value, timestamp, this.alarms.currentProcessingTime))
  }

  onTimer({ key, timestamp, type }: Timer<string>): void {
    const number = (this.fired.get('all') ?? 0) + 1
    this.fired.put('all', number)
    this.write(`${key} timer ${number}. at ${timestamp}`)
    this.follow(key, RULES.atTimer(timestamp, type, this.alarms.currentProcessingTime))
  }

  private write(what: string): void {
    const value = entryOf(what, this.alarms.currentEventTime)
    this.context.forward({ key: this.partition, value, timestamp: 0 })
  }

  private follow(key: string, { set, remove }: ReturnType<TimerRules['atTimer']>): void {
    for (const at of remove) this.alarms.delete('event-time', key, at)
    for (const at of set) this.alarms.set('event-time', key, at)
  }
}
