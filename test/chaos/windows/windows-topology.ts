/** Event time by watermarks: windows that close once, that are updated, totals behind them, and an outer join. */
import {
  JoinWindows,
  json,
  type KStream,
  StreamsBuilder,
  string,
  TumblingWindows,
  Watermarks,
} from '../../../src/index.js'
import { obeyKillOrders } from '../kill-orders.js'

export const CLICKS = 'chaos-clicks'
export const TAPS = 'chaos-taps'

export const VISITS = 'chaos-visits'
export const LATE_VISITS = 'chaos-late-visits'
export const UPDATES = 'chaos-updates'
export const LATE_UPDATES = 'chaos-late-updates'
export const TOTALS = 'chaos-totals'
export const LATE_TOTALS = 'chaos-late-totals'
export const MATCHES = 'chaos-matches'
export const LATE_MATCHES = 'chaos-late-matches'

const SITES = 8

/** By user. */
export interface Action {
  /** Counts what there was before, of both inputs. */
  readonly id: number
  readonly page: number
  /** How long before it was published it happened, milliseconds. */
  readonly delay: number
}

/** The actions on a page in a window. */
export interface Visits {
  readonly start: number
  readonly ids: readonly number[]
}

/** How many actions there were on the pages of a site in a window. */
export interface Total {
  readonly start: number
  readonly count: number
}

/** By user: what happened at about the same time. */
export interface Match {
  readonly click: number | null
  readonly tap: number | null
}

/** Part of the actions are later: see acted-events.ts. */
const BOUND = Watermarks.boundedOutOfOrderness('1s')

export default function windowsTopology() {
  const builder = new StreamsBuilder()
  const key = string()
  const value = json<Action>()
  const clicks = builder.stream(CLICKS, { key, value, watermark: BOUND })
  const taps = builder.stream(TAPS, { key, value, watermark: BOUND.withIdleness('2s') })
  countVisits(clicks.merge(taps))
  clicks
    .outerJoin(
      taps,
      (click, tap): Match => ({ click: click?.id ?? null, tap: tap?.id ?? null }),
      JoinWindows.of('300ms').grace('500ms'),
      {
        name: 'matched',
        store: 'matched',
        late: (late) => late.to(LATE_MATCHES),
        otherLate: (late) => late.to(LATE_MATCHES),
      },
    )
    .to(MATCHES, { value: json() })
  return builder.build()
}

/** By page, once and with updates; and by site, of what comes out of the former. */
function countVisits(actions: KStream<string, Action>): void {
  const key = string()
  const windowed = actions
    .groupBy((_, { page }) => `page-${page}`, { key, value: json<Action>(), name: 'by-page' })
    .windowedBy(TumblingWindows.of('2s'))
  const value = json<readonly number[]>()
  const none: readonly number[] = []
  const add = (_: string, { id }: Action, ids: readonly number[]) => [...ids, id]
  const visits = windowed
    .emitStrategy('onWindowClose')
    .aggregate(() => none, add, { store: 'visits', value, late: (late) => late.to(LATE_VISITS) })
    .toStream()
    .map(({ key: page, window }, ids): [string, Visits] => [page, { start: window.start, ids }])
  visits.to(VISITS, { key, value: json() })
  windowed
    .emitStrategy('onWindowClose', { allowedLateness: '3s' })
    .aggregate(() => none, add, { store: 'updates', value, late: (late) => late.to(LATE_UPDATES) })
    .toStream()
    .map(({ key: page, window }, ids): [string, Visits] => [page, { start: window.start, ids }])
    .to(UPDATES, { key, value: json() })
  countTotals(visits)
}

function countTotals(visits: KStream<string, Visits>): void {
  const key = string()
  visits
    .groupBy((page) => `site-${Number(page.slice('page-'.length)) % SITES}`, {
      key,
      value: json<Visits>(),
      name: 'by-site',
    })
    .windowedBy(TumblingWindows.of('2s'))
    .emitStrategy('onWindowClose')
    .aggregate(
      () => 0,
      (_, { ids }, count) => count + ids.length,
      { store: 'totals', value: json<number>(), late: (late) => late.to(LATE_TOTALS) },
    )
    .toStream()
    .map(({ key: site, window }, count): [string, Total] => [site, { start: window.start, count }])
    .to(TOTALS, { key, value: json() })
}

obeyKillOrders()
