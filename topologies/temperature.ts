import { StreamsBuilder, string, TumblingWindows, type Windowed, windowed } from 'millrace'

const THRESHOLD = 20
const WINDOW_SIZE = '5s'

const builder = new StreamsBuilder()

/** Apache Kafka's TemperatureDemo: the greatest temperature of each five seconds, where it is above a threshold. */
builder
  .stream<string | null, string>('iot-temperature', { key: string(), value: string() })
  // Temperatures come without a key, and grouping needs one.
  .selectKey(() => 'temp')
  .groupByKey({ key: string() })
  .windowedBy(TumblingWindows.of(WINDOW_SIZE).grace('24h'))
  .reduce((left, right) => (Number.parseInt(left, 10) > Number.parseInt(right, 10) ? left : right))
  .toStream()
  .filter((_, max) => Number.parseInt(max, 10) > THRESHOLD)
  .to('iot-temperature-max', { key: windowed(string(), { size: WINDOW_SIZE }), value: string() })

export default builder.build()

/** A reading a second; one came ten seconds late. */
const READINGS = [10, 15, 22, 19, 21, 20, 18, 17, 20, 20, 24, 31, 28, 35, 35, 20, 33, 21, 16, 12, 9, -4, 25]
const LATE = { second: 4, temperature: 40 }

const reading = (second: number, temperature: number) => ({
  topic: 'iot-temperature',
  key: null,
  value: String(temperature),
  timestamp: Date.UTC(2026, 0, 1, 12, 0, second),
})

/** What `npm start` publishes for this topology and shows of its results. */
export const demo = {
  applicationId: 'streams-temperature',
  input: [
    ...READINGS.slice(0, 15).map((temperature, second) => reading(second, temperature)),
    reading(LATE.second, LATE.temperature),
    ...READINGS.slice(15).map((temperature, second) => reading(15 + second, temperature)),
  ],
  results: {
    topic: 'iot-temperature-max',
    key: windowed(string(), { size: WINDOW_SIZE }),
    value: string(),
    fields: ({ key, window }: Windowed<string>, max: string) => ({
      sensor: key,
      windowStart: window.start,
      max: Number.parseInt(max, 10),
    }),
    title: 'Greatest temperature',
    row: 'sensor',
    windowStart: 'windowStart',
    lastHours: 24,
    columns: [{ title: 'max', field: 'max', combine: 'max' }],
  },
}
