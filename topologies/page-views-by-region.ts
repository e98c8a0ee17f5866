import { HoppingWindows, json, StreamsBuilder, string } from 'millrace'

/** A page that a user has looked at, in topic `streams-pageview-input`, keyed by the user. */
export interface PageView {
  readonly _t: 'pv'
  readonly user: string
  readonly page: string
  /** Epoch milliseconds. */
  readonly timestamp: number
}

/** What is known of a user, in topic `streams-userprofile-input`, keyed by the user. */
export interface UserProfile {
  readonly _t: 'up'
  readonly region: string
  /** Epoch milliseconds. */
  readonly timestamp: number
}

interface PageViewByRegion {
  readonly _t: 'pvbr'
  readonly user: string
  readonly page: string
  readonly region: string
}

/** The key of a result: the window by its start, epoch milliseconds, and the region. */
export interface RegionWindow {
  readonly _t: 'wpvbr'
  readonly windowStart: number
  readonly region: string
}

/** How many pages users of a region have looked at within a window; in topic `streams-pageviewstats-typed-output`. */
export interface RegionCount {
  readonly _t: 'rc'
  readonly count: number
  readonly region: string
}

const builder = new StreamsBuilder()

/** Apache Kafka's PageViewTypedDemo: page views of the last seven days, by the region of the user, each second. */
const views = builder.stream('streams-pageview-input', {
  key: string(),
  value: json<PageView>(),
  timestamp: ({ value }) => value.timestamp,
})
const users = builder.table('streams-userprofile-input', {
  key: string(),
  value: json<UserProfile>(),
  timestamp: ({ value }) => value.timestamp,
})

views
  .leftJoin(
    users,
    ({ user, page }, profile): PageViewByRegion => ({
      _t: 'pvbr',
      user,
      page,
      region: profile === null ? 'UNKNOWN' : profile.region,
    }),
  )
  .map((_, view) => [view.region, view])
  .groupByKey({ key: string(), value: json<PageViewByRegion>() })
  .windowedBy(HoppingWindows.of('7d').advanceBy('1s').grace('24h'))
  .count()
  .toStream()
  .map(({ key, window }, count): [RegionWindow, RegionCount] => [
    { _t: 'wpvbr', windowStart: window.start, region: key },
    { _t: 'rc', count, region: key },
  ])
  .to('streams-pageviewstats-typed-output', { key: json<RegionWindow>(), value: json<RegionCount>() })

export default builder.build()

const profile = (user: string, region: string, second: number) => ({
  topic: 'streams-userprofile-input',
  key: user,
  value: JSON.stringify({ _t: 'up', region, timestamp: second * 1000 } satisfies UserProfile),
  timestamp: second * 1000,
})

const view = (user: string, page: string, second: number) => ({
  topic: 'streams-pageview-input',
  key: user,
  value: JSON.stringify({ _t: 'pv', user, page, timestamp: second * 1000 } satisfies PageView),
  timestamp: second * 1000,
})

/**
 * What `npm start` publishes for this topology and shows of its results. A view is in 604,800 windows, one for each second
 * of seven days, and so is a line of results; the time of this input begins at the epoch, before which no window begins.
 */
export const demo = {
  applicationId: 'streams-pageview-typed',
  input: [
    profile('alice', 'asia', 0),
    profile('bob', 'americas', 0),
    profile('chao', 'asia', 0),
    profile('dave', 'europe', 1),
    view('alice', 'index.html', 2),
    view('bob', 'news.html', 3),
    view('chao', 'index.html', 5),
    view('alice', 'about.html', 8),
    view('erica', 'index.html', 9),
    view('bob', 'index.html', 13),
    profile('alice', 'europe', 14),
    profile('erica', 'africa', 15),
    view('alice', 'news.html', 17),
    view('erica', 'news.html', 21),
    view('dave', 'index.html', 4),
    view('chao', 'news.html', 26),
    view('bob', 'about.html', 30),
  ],
  results: {
    topic: 'streams-pageviewstats-typed-output',
    key: json<RegionWindow>(),
    value: json<RegionCount>(),
    fields: ({ region, windowStart }: RegionWindow, { count }: RegionCount) => ({
      region,
      windowStart,
      views: count,
    }),
    title: 'Page views of seven days by region',
    row: 'region',
    windowStart: 'windowStart',
    lastHours: 24,
    columns: [{ title: 'views', field: 'views', combine: 'max' }],
  },
}
