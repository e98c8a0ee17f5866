import { Aggregators, int64, json, SessionWindows, StreamsBuilder, string, Watermarks } from 'millrace'

/** A user looked at an item: in topic `views`, keyed by the user. */
export interface View {
  readonly item: string
}

/** How many visits an item was seen in beside another one. */
export interface CoViews {
  readonly item: string
  readonly visits: number
}

const TOP = 3
const SEPARATOR = '|'

const builder = new StreamsBuilder()

/** What was looked at in one visit, each once: a visit is over when a user did nothing for half an hour. */
const visits = builder
  .stream('views', { key: string(), value: json<View>(), watermark: Watermarks.boundedOutOfOrderness('10m') })
  .groupByKey()
  .windowedBy(SessionWindows.of('30m'))
  .emitStrategy('onWindowClose')
  .aggregate(
    (): readonly string[] => [],
    (_, { item }, items) => (items.includes(item) ? items : [...items, item]),
    (_, earlier, later) => [...earlier, ...later.filter((item) => !earlier.includes(item))],
    { store: 'visits', value: json() },
  )
  .toStream(({ key }) => key)

/** For each item the three that were looked at in the most visits beside it. */
visits
  .flatMap((_, items) =>
    items.flatMap((item) =>
      items.filter((other) => other !== item).map((other): [string, string] => [item, other]),
    ),
  )
  .groupBy((item, other) => `${item}${SEPARATOR}${other}`, { key: string(), value: string() })
  .count({ store: 'co-views', value: int64() })
  .groupBy(
    (pair, visits): [string, CoViews] => {
      const [item, other] = pair.split(SEPARATOR) as [string, string]
      return [item, { item: other, visits }]
    },
    { key: string(), value: json<CoViews>() },
  )
  .aggregate(Aggregators.topN({ n: TOP, by: ({ visits }: CoViews) => visits, value: json() }), {
    store: 'recommendations',
  })
  .toStream()
  .to('recommendations', { key: string(), value: json() })

export default builder.build()

const START = Date.UTC(2026, 0, 1, 12)
const MINUTE_MS = 60_000

/** Visits of a small shop: what users looked at, a minute apart. */
const VISITS = [
  ['ann', 0, 'tent', 'stove', 'lamp'],
  ['bob', 2, 'tent', 'stove'],
  ['cid', 3, 'boots', 'socks', 'tent'],
  ['dan', 50, 'tent', 'lamp', 'stove', 'boots'],
  ['ann', 90, 'boots', 'socks'],
  ['eve', 95, 'boots', 'socks', 'lamp'],
] as const

const together = (item: string, top: readonly CoViews[]) => ({
  item: `${item}: ${top.map((each) => each.item).join(', ')}`,
  visits: top[0]?.visits ?? 0,
})

/** What `npm start` publishes for this topology and shows of its results. */
export const demo = {
  applicationId: 'recommendations',
  input: VISITS.flatMap(([user, minute, ...items]) =>
    items.map((item, at) => ({
      topic: 'views',
      key: user,
      value: JSON.stringify({ item } satisfies View),
      timestamp: START + (minute + at) * MINUTE_MS,
    })),
  ).sort((one, other) => one.timestamp - other.timestamp),
  results: {
    topic: 'recommendations',
    key: string(),
    value: json<readonly CoViews[]>(),
    fields: together,
    title: 'Looked at together',
    row: 'item',
    columns: [{ title: 'visits', field: 'visits', combine: 'max' }],
  },
  feed: {
    store: 'recommendations',
    show: (top: readonly CoViews[], item: string) => together(item, top),
  },
}
