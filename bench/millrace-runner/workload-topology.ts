import {
  float64,
  HoppingWindows,
  int64,
  JoinWindows,
  json,
  type Serde,
  SessionWindows,
  SlidingWindows,
  StreamsBuilder,
  sessionWindowed,
  string,
  type TimestampWatermarks,
  TumblingWindows,
  windowed,
} from 'millrace'
import {
  type Event,
  HOP,
  JOIN_WINDOW,
  JOINED_TYPE,
  KEPT_TYPE,
  PROFILES_TOPIC,
  type Profile,
  SESSION_GAP,
  SESSION_GRACE,
  SLIDING_SIZE,
  WINDOW_SIZE,
  type Workload,
} from '../workloads.js'

type Sale = Pick<Event, 'id' | 'amount'>
type Match = { view: number; sale: number }
type Enriched = Sale & Pick<Profile, 'country' | 'plan'>

/** The workloads as `../workloads.ts` defines them, in Millrace's DSL; `observed` may watch what is read of the inputs, `watermark` says how they tell event time. */
export function workloadTopology(
  workload: Workload,
  input: string,
  output: string,
  observed: <T>(serde: Serde<T>) => Serde<T> = (serde) => serde,
  watermark?: TimestampWatermarks,
) {
  const builder = new StreamsBuilder()
  const events = builder.stream(input, {
    key: string(),
    value: observed(json<Event>()),
    ...(watermark === undefined ? {} : { watermark }),
  })
  switch (workload) {
    case 'filter-map':
      events
        .filter((_user, { type }) => type === KEPT_TYPE)
        .mapValues(({ id, amount }) => ({ id, amount }))
        .to(output, { key: string(), value: json<Sale>() })
      break
    case 'count':
      events.groupByKey().count().toStream().to(output, { key: string(), value: int64() })
      break
    case 'window':
      events
        .groupByKey()
        .windowedBy(TumblingWindows.of(WINDOW_SIZE))
        .aggregate(
          () => 0,
          (_user, { amount }, sum) => sum + amount,
          { value: float64() },
        )
        .toStream()
        .to(output, { key: windowed(string(), { size: WINDOW_SIZE }), value: float64() })
      break
    case 'hopping':
      events
        .groupByKey()
        .windowedBy(HoppingWindows.of(WINDOW_SIZE).advanceBy(HOP))
        .count()
        .toStream()
        .to(output, { key: windowed(string(), { size: WINDOW_SIZE }), value: int64() })
      break
    case 'sliding':
      events
        .groupByKey()
        .windowedBy(SlidingWindows.of(SLIDING_SIZE))
        .count()
        .toStream()
        .to(output, { key: windowed(string(), { size: SLIDING_SIZE }), value: int64() })
      break
    case 'session':
      events
        .groupByKey()
        .windowedBy(SessionWindows.of(SESSION_GAP).grace(SESSION_GRACE))
        .count()
        .toStream()
        .to(output, { key: sessionWindowed(string()), value: int64() })
      break
    case 'stream-join':
      events
        .filter((_user, { type }) => type === JOINED_TYPE)
        .join(
          events.filter((_user, { type }) => type === KEPT_TYPE),
          ({ id: view }, { id: sale }) => ({ view, sale }),
          JoinWindows.of(JOIN_WINDOW),
        )
        .to(output, { value: json<Match>() })
      break
    case 'join':
      events
        .join(
          builder.table(PROFILES_TOPIC, { key: string(), value: observed(json<Profile>()) }),
          ({ id, amount }, { country, plan }) => ({ id, amount, country, plan }),
        )
        .to(output, { value: json<Enriched>() })
  }
  return builder.build()
}
