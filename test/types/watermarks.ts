import {
  json,
  type KStream,
  type RecordWatermarks,
  type SourceRecord,
  StreamsBuilder,
  string,
  Watermarks,
} from '../../src/index.js'
import { type Equal, expectType } from './equal.js'

interface Flight {
  readonly delay: number
}

const builder = new StreamsBuilder()
const serdes = { key: string(), value: json<Flight>() }

/** A strategy does not say what the records are: serdes do. */
const bounded = builder.stream('a', { ...serdes, watermark: Watermarks.boundedOutOfOrderness('1h') })
bounded.foreach((key, flight) => {
  expectType<Equal<typeof key, string>>()
  expectType<Equal<typeof flight, Flight>>()
})

// One that looks at records has their types from the serdes.
const punctuated = builder.stream('b', {
  ...serdes,
  watermark: ({ punctuated }) =>
    punctuated((record, timestamp) => {
      expectType<Equal<typeof record, SourceRecord<string, Flight>>>()
      return record.value.delay > 0 ? timestamp : undefined
    }),
})
expectType<Equal<typeof punctuated, KStream<string, Flight, 'key' | 'value'>>>()

builder.table('c', {
  key: string(),
  value: json<Flight>(),
  timestamp: ({ value }) => value.delay,
  watermark: ({ generated }) =>
    generated(() => ({
      onEvent: ({ key, value }) => key.length + value.delay,
      onPeriodic: (now) => now,
    }))
      .withIdleness('1m')
      .withAlignment('all', '1h'),
})

// Types that are said count, as with everything else.
builder.stream<string | null, Flight | null>('d', {
  ...serdes,
  watermark: ({ punctuated }) => punctuated(({ value }) => value?.delay),
})

const ofMarks = ({ punctuated }: RecordWatermarks<string, { readonly upTo: number }>) =>
  punctuated((record) => record.value.upTo)
builder.stream('e', { key: string(), value: json<{ readonly upTo: number }>(), watermark: ofMarks })
// @ts-expect-error it is for other records
builder.stream('f', { ...serdes, watermark: ofMarks })
// @ts-expect-error it gives no strategy
builder.stream('g', { ...serdes, watermark: () => 1 })
