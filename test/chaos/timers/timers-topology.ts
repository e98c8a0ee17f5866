/** Timers of event time of a processor, triggers that keep something, and early and late results behind a repartition. */
import {
  GlobalWindows,
  int64,
  json,
  type KeyValueStore,
  type KStream,
  type Processor,
  type ProcessorContext,
  type ProcessorRecord,
  Stores,
  StreamsBuilder,
  string,
  type Timer,
  Timers,
  type Trigger,
  Triggers,
  TumblingWindows,
  Watermarks,
} from '../../../src/index.js'
import { obeyKillOrders } from '../kill-orders.js'

export const CLICKS = 'chaos-clicks'

export const SILENCES = 'chaos-silences'
export const BATCHES = 'chaos-batches'
export const VISITS = 'chaos-visits'
export const LATE_VISITS = 'chaos-late-visits'

/** By user. */
export interface Click {
  /** Counts what there was before. */
  readonly id: number
  readonly page: number
  /** How long before it was published it happened, milliseconds. */
  readonly delay: number
}

/** By user: there was no click after this one. */
export interface Silence {
  /** The last click. */
  readonly id: number
  /** How often it was told before. */
  readonly told: number
}

/** By user: clicks of about a second. */
export interface Batch {
  readonly ids: readonly number[]
}

/** Clicks on a page in a window that have come since the result before. */
export interface Visits {
  readonly start: number
  readonly ids: readonly number[]
}

const SILENCE_MS = 2_000
const REMINDER_MS = 1_000
const TOLD_AT_MOST = 3
const BATCH_MS = 1_000

/** The last click of a user, until there is nothing to tell any more. */
interface LastClick extends Silence {
  readonly at: number
}

const lastClicks = Stores.keyValue('last-clicks', { key: string(), value: json<LastClick>() })
const silenceTimers = Timers.of('silence-timers', { key: string() })

/** Tells that a user does not click any more, two seconds after the last click and each second after that, three times. */
class TellSilence implements Processor<string, Click, string, Silence> {
  private context!: ProcessorContext<string, Silence>
  private last!: KeyValueStore<string, LastClick>

  init(context: ProcessorContext<string, Silence>): void {
    this.context = context
    this.last = context.store(lastClicks)
  }

  process({ key: user, value: { id }, timestamp: at }: ProcessorRecord<string, Click>): void {
    const timers = this.context.timers(silenceTimers)
    const before = this.last.get(user)
    if (before !== undefined && before.at >= at) return
    if (before !== undefined) timers.delete('event-time', user, toTellAt(before))
    const last = { id, told: 0, at }
    this.last.put(user, last)
    timers.set('event-time', user, toTellAt(last))
  }

  onTimer({ key: user, timestamp }: Timer<string>): void {
    const last = this.last.get(user)
    // At least once what is left behind a crash may be of the timers, and not of this store.
    if (last === undefined) return
    const { id, told, at } = last
    this.context.forward({ key: user, value: { id, told }, timestamp })
    const next = { id, told: told + 1, at }
    if (next.told === TOLD_AT_MOST) {
      this.last.delete(user)
      return
    }
    this.last.put(user, next)
    this.context.timers(silenceTimers).set('event-time', user, toTellAt(next))
  }
}

const toTellAt = ({ at, told }: LastClick): number => at + SILENCE_MS + told * REMINDER_MS

/** Fires a second after the first record since it fired last. */
const aSecondAfterTheFirst: Trigger<Click, number> = {
  state: int64(),
  onElement(_, timestamp, context) {
    if (context.state === undefined) {
      context.state = timestamp + BATCH_MS
      context.setEventTimer(context.state)
    }
    return 'continue'
  },
  onEventTime(timestamp, context) {
    if (timestamp !== context.state) return 'continue'
    context.state = undefined
    return 'fireAndPurge'
  },
  onProcessingTime: () => 'continue',
}

const none: readonly number[] = []
const ids = json<readonly number[]>()
const add = (_: string, { id }: Click, all: readonly number[]): readonly number[] => [...all, id]

export default function timersTopology() {
  const builder = new StreamsBuilder()
  const key = string()
  const watermark = Watermarks.boundedOutOfOrderness('1s')
  const clicks = builder.stream(CLICKS, { key, value: json<Click>(), watermark })
  clicks
    .process(() => new TellSilence(), { stores: [lastClicks], timers: silenceTimers })
    .to(SILENCES, { key, value: json() })
  clicks
    .groupByKey()
    .windowedBy(GlobalWindows.of())
    .trigger(aSecondAfterTheFirst)
    .aggregate(() => none, add, { store: 'batches', value: ids })
    .map(({ key: user }, all): [string, Batch] => [user, { ids: all }])
    .to(BATCHES, { key, value: json() })
  countVisits(clicks)
  return builder.build()
}

/** By page: at every third click, at the end of the window, and at each click that is late by less than two seconds. */
function countVisits(clicks: KStream<string, Click>): void {
  const key = string()
  clicks
    .groupBy((_, { page }) => `page-${page}`, { key, value: json<Click>(), name: 'by-page' })
    .windowedBy(TumblingWindows.of('2s').grace('2s'))
    .trigger(Triggers.purging(Triggers.eventTime({ early: Triggers.count(3) })))
    .aggregate(() => none, add, { store: 'visits', value: ids, late: (late) => late.to(LATE_VISITS) })
    .map(({ key: page, window }, all): [string, Visits] => [page, { start: window.start, ids: all }])
    .to(VISITS, { key, value: json() })
}

obeyKillOrders()
