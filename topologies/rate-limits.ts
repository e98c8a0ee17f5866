import {
  type FixedKeyProcessorContext,
  int64,
  json,
  type Processor,
  type ProcessorContext,
  SlidingWindows,
  Stores,
  StreamsBuilder,
  string,
  type Windowed,
} from 'millrace'

/** A request of a client, in topic `requests`, keyed by the client. */
export interface Request {
  readonly path: string
}

/** What a client may do, in topic `limits`, keyed by the client. It can change at any time. */
export interface Limit {
  /** Requests in ten seconds. */
  readonly requests: number
}

/** Whether a client is served, keyed by the client: what a gateway keeps of the compacted topic. */
export interface Decision {
  readonly allowed: boolean
  /** How many requests there were in ten seconds when that was decided. */
  readonly requests: number
  readonly limit: number
}

const PERIOD = '10s'
/** Of a client without a limit of its own. */
export const USUAL_LIMIT = 20

/** Of the windows that a request changes, the one that ends with it: the ten seconds before. */
function endingNow(): Processor<Windowed<string>, number, string, number> {
  let context: ProcessorContext<string, number>
  return {
    init(given) {
      context = given
    },
    process({ key, value, timestamp }) {
      if (key.window.end === timestamp) context.forward({ key: key.key, value, timestamp })
    },
  }
}

const decisions = Stores.keyValue('decisions', { key: string(), value: json<Decision>() })

/** Lets through what differs from the decision before. */
function changes() {
  let context: FixedKeyProcessorContext<Decision>
  return {
    init(given: FixedKeyProcessorContext<Decision>) {
      context = given
    },
    process({ key, value, timestamp }: { key: string; value: Decision; timestamp: number }) {
      const store = context.store(decisions)
      const before = store.get(key)
      if (value.allowed === (before?.allowed ?? true)) return
      store.put(key, value)
      context.forward({ value, timestamp })
    },
  }
}

const builder = new StreamsBuilder()
const limits = builder.table('limits', { key: string(), value: json<Limit>(), store: 'limits' })

/**
 * Which clients ask for more than they may: a decision when a request brings a client over its limit, and another one when
 * a request is within it again. Refused requests count, too.
 */
builder
  .stream('requests', { key: string(), value: json<Request>() })
  .groupByKey()
  .windowedBy(SlidingWindows.of(PERIOD))
  .count({ store: 'requests-of-10s' })
  .toStream()
  .process(endingNow)
  .leftJoin(
    limits,
    (requests, own): Decision => {
      const limit = own?.requests ?? USUAL_LIMIT
      return { allowed: requests <= limit, requests, limit }
    },
    { key: string(), value: int64() },
  )
  .processValues(changes, { stores: [decisions] })
  .to('rate-decisions', { key: string(), value: json() })

export default builder.build()

const START = Date.UTC(2026, 0, 1, 12)

const limit = (second: number, client: string, requests: number) => ({
  topic: 'limits',
  key: client,
  value: JSON.stringify({ requests } satisfies Limit),
  timestamp: START + second * 1_000,
})

/** Requests at a rate, from one second to another. */
const requests = (client: string, from: number, to: number, perSecond: number) =>
  Array.from({ length: (to - from) * perSecond }, (_, at) => ({
    topic: 'requests',
    key: client,
    value: JSON.stringify({ path: `/items/${at}` } satisfies Request),
    timestamp: START + from * 1_000 + Math.floor((at * 1_000) / perSecond),
  }))

/** A minute: a crawler that slows down, a partner who may ask for more, and a shopper who does not notice. */
const sample = [
  limit(0, 'partner', 100),
  ...requests('crawler', 1, 20, 10),
  ...requests('crawler', 20, 60, 1),
  ...requests('partner', 1, 60, 5),
  ...requests('shopper', 1, 60, 1),
].sort((one, other) => one.timestamp - other.timestamp)

const shown = ({ allowed, requests, limit }: Decision) => ({ refused: allowed ? 0 : 1, requests, limit })

/** What `npm start` publishes for this topology and shows of its results. */
export const demo = {
  applicationId: 'rate-limits',
  input: sample,
  results: {
    topic: 'rate-decisions',
    compacted: true,
    key: string(),
    value: json<Decision>(),
    fields: (client: string, decision: Decision) => ({ client, ...shown(decision) }),
    title: 'Clients over their limit',
    row: 'client',
    columns: [
      { title: 'refused', field: 'refused', combine: 'max' },
      { title: 'requests in 10 s', field: 'requests', combine: 'max' },
      { title: 'limit', field: 'limit', combine: 'max' },
    ],
  },
  feed: { store: 'decisions', show: shown },
}
