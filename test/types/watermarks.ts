import { json, StreamsBuilder, string, Watermarks } from '../../src/index.js'
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

builder.stream('b', {
  ...serdes,
  watermark: Watermarks.punctuated<string, Flight>((record) => record.value.delay),
})

builder.table('c', {
  ...serdes,
  watermark: Watermarks.generated<string, Flight>(() => ({
    onEvent: ({ key, value }) => key.length + value.delay,
  })).withIdleness('1m'),
})

const ofDates = Watermarks.punctuated((record: { readonly value: Date }) => record.value.getTime())
// @ts-expect-error it is for other records
builder.stream('d', { ...serdes, watermark: ofDates })
