import type { Processor, ProcessorContext, ProcessorRecord } from '../../../operators/processor-api.js'
import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { int64 } from '../../../src/serdes/int64.js'
import { string } from '../../../src/serdes/string.js'
import type {
  KeyValueStore,
  SessionStore,
  TimestampedKeyValueStore,
  WindowStore,
} from '../../../src/state/stores.js'
import { Stores } from '../../../src/state/stores-factory.js'
import { TumblingWindows } from '../../../src/windows/tumbling-windows.js'
import { type Catalogue, numbers, textStream, texts } from './inputs.js'
import { required } from './java.js'

type Context = ProcessorContext<string, string>

/** A processor of texts that has nothing but its context. */
abstract class TextProcessor implements Processor<string, string, string, string> {
  protected context!: Context

  init(context: Context): void {
    this.context = context
  }

  abstract process(record: ProcessorRecord<string, string>): void
}

/** Forwards each record, and at each tick how many there were. */
class CountingPunctuator extends TextProcessor {
  private seen = 0

  constructor(
    private readonly type: 'stream-time' | 'wall-clock',
    private readonly interval: number,
  ) {
    super()
  }

  override init(context: Context): void {
    super.init(context)
    context.schedule(this.interval, this.type, (timestamp) =>
      context.forward({ key: 'punct', value: String(this.seen), timestamp }),
    )
  }

  process(record: ProcessorRecord<string, string>): void {
    this.seen++
    this.context.forward(record)
  }
}

const totals = () => Stores.keyValue('totals', { key: string(), value: int64() })
const strings = (name: string) => Stores.keyValue(name, { key: string(), value: string() })

/** Puts each record into a window store by its timestamp, and forwards what there is around it. */
function recentRows(
  builder: StreamsBuilder,
  options: { retention: number; retainDuplicates?: boolean },
): void {
  const store = Stores.window('ws', { key: string(), value: string(), windowSize: 10, ...options })
  builder
    .stream<string, string | null>('in', texts)
    .process(
      () => {
        let context: Context
        let rows: WindowStore<string, string>
        return {
          init(given: Context) {
            context = given
            rows = given.store(store)
          },
          process(record) {
            const { key, value, timestamp } = record
            rows.put(key, value, timestamp)
            const around = [...rows.fetch(key, timestamp - 20, timestamp + 5)]
            context.forward({ ...record, value: around.map(([start, each]) => `${start}=${each}`).join(',') })
          },
        }
      },
      { stores: [store] },
    )
    .to('out', texts)
}

/** Processors of the user's: stores, schedules, children by name. */
export const processors: Catalogue = {
  headers_processor: (b) =>
    textStream(b)
      .process(
        () =>
          new (class extends TextProcessor {
            process(record: ProcessorRecord<string, string>): void {
              const { key, value, timestamp, headers } = record
              const { context } = this
              context.forward({ ...record, headers: [...headers, { key: 'p', value: Buffer.from('added') }] })
              context.forward({ key, value: `${value}2`, timestamp })
              const only = [{ key: 'only', value: Buffer.from('1') }]
              context.forward({ key, value: `${value}3`, timestamp, headers: only })
            }
          })(),
      )
      .to('out', texts),
  papi_forward_named_child: (b) => {
    const routed = textStream(b).process(
      () =>
        new (class extends TextProcessor {
          process(record: ProcessorRecord<string, string>): void {
            const later = { ...record, timestamp: record.timestamp + 1 }
            if (record.value === 'a') this.context.forward(later, 'childA')
            else if (record.value === 'b') this.context.forward(later, 'childB')
            else this.context.forward(later)
          }
        })(),
      { name: 'router' },
    )
    routed.mapValues((value) => `${value}-A`, { name: 'childA' }).to('out-a', texts)
    routed.mapValues((value) => `${value}-B`, { name: 'childB' }).to('out-b', texts)
  },
  papi_kv_store: (b) => {
    const store = totals()
    b.addStateStore(store)
    b.stream<string | null, number | null>('in', numbers)
      .process(
        () => {
          let context: ProcessorContext<string, number | null>
          let sums: KeyValueStore<string, number>
          return {
            init(given: ProcessorContext<string, number | null>) {
              context = given
              sums = given.store(store)
            },
            process({ key, value, ...rest }) {
              if (key === null) return
              if (value === null) sums.delete(key)
              const sum = value === null ? null : (sums.get(key) ?? 0) + value
              sums.put(key, sum)
              context.forward({ key, value: sum, ...rest })
            },
          }
        },
        { stores: [store] },
      )
      .to('out', numbers)
  },
  papi_kv_store_range: (b) => {
    const store = strings('kv')
    b.stream<string, string | null>('in', texts)
      .process(
        () => {
          let context: Context
          let rows: KeyValueStore<string, string>
          const entries = (some: Iterable<[string, string]>) =>
            [...some].map(([k, v]) => `${k}=${v}`).join(',')
          const keys = (some: Iterable<[string, string]>) => [...some].map(([k]) => k).join(',')
          return {
            init(given: Context) {
              context = given
              rows = given.store(store)
            },
            process(record) {
              rows.put(record.key, record.value)
              const absent = record.value === null ? 'skip' : (rows.putIfAbsent('p', record.value) ?? null)
              const parts = [
                `all:${entries(rows.all())}`,
                `range:${entries(rows.range('b', 'd'))}`,
                `rev:${keys(rows.all({ reverse: true }))}`,
                `prefix:${keys(rows.prefix('c', string()))}`,
                `pia:${absent}`,
              ]
              context.forward({ ...record, value: parts.join(';') })
            },
          }
        },
        { stores: [store] },
      )
      .to('out', texts)
  },
  papi_punctuator_store_emit_and_cancel: (b) => {
    const store = strings('buf')
    textStream(b)
      .process(
        () => {
          let rows: KeyValueStore<string, string>
          return {
            init(context: Context) {
              rows = context.store(store)
              const schedule = context.schedule(20, 'stream-time', (timestamp) => {
                let stop = false
                for (const [key, value] of rows.all()) {
                  context.forward({ key, value, timestamp })
                  rows.delete(key)
                  stop ||= value === 'stop'
                }
                if (stop) schedule.cancel()
              })
            },
            process({ key, value }) {
              rows.put(key, value)
            },
          }
        },
        { stores: [store] },
      )
      .to('out', texts)
  },
  papi_punctuator_stream_time: (b) =>
    textStream(b)
      .process(() => new CountingPunctuator('stream-time', 10))
      .to('out', texts),
  papi_punctuator_wall_clock: (b) =>
    textStream(b)
      .process(() => new CountingPunctuator('wall-clock', 100))
      .to('out', texts),
  papi_session_store: (b) => {
    const store = Stores.session('ss', { key: string(), value: string(), retention: 1000 })
    textStream(b)
      .process(
        () => {
          let context: Context
          let sessions: SessionStore<string, string>
          return {
            init(given: Context) {
              context = given
              sessions = given.store(store)
            },
            process(record) {
              const { key } = record
              const [what, first, second, text] = record.value.split(':')
              const [start, end] = [Number(first), Number(second)]
              if (what === 'put') sessions.put(key, { start, end }, text)
              else if (what === 'rm') sessions.delete(key, { start, end })
              else if (what === 'get') {
                context.forward({ ...record, value: sessions.get(key, { start, end }) ?? 'null' })
              } else {
                const found = [...sessions.find(key, start, end)]
                const texts = found.map(([window, value]) => `[${window.start},${window.end}]=${value}`)
                context.forward({ ...record, value: texts.join(',') })
              }
            },
          }
        },
        { stores: [store] },
      )
      .to('out', texts)
  },
  papi_shared_store_two_streams: (b) => {
    const store = strings('sh')
    textStream(b, 'in1').process(
      () => {
        let rows: KeyValueStore<string, string>
        return {
          init(context: Context) {
            rows = context.store(store)
          },
          process({ key, value }) {
            rows.put(key, value)
          },
        }
      },
      { stores: [store] },
    )
    textStream(b, 'in2')
      .process(
        () => {
          let context: Context
          let rows: KeyValueStore<string, string>
          return {
            init(given: Context) {
              context = given
              rows = given.store(store)
              context.schedule(100, 'stream-time', (timestamp) =>
                context.forward({ key: 'punct', value: String(timestamp), timestamp }),
              )
            },
            process(record) {
              const value = `${record.value}<${rows.get(record.key) ?? null}>`
              context.forward({ ...record, value })
            },
          }
        },
        { stores: [store] },
      )
      .to('out', texts)
  },
  papi_timestamped_kv_store: (b) => {
    const store = Stores.timestampedKeyValue('tkv', { key: string(), value: string() })
    b.stream<string, string | null>('in', texts)
      .process(
        () => {
          let context: Context
          let rows: TimestampedKeyValueStore<string, string>
          return {
            init(given: Context) {
              context = given
              rows = given.store(store)
            },
            process(record) {
              const before = rows.get(record.key)
              const { value, timestamp } = record
              let latest = before
              if (before === undefined || before.timestamp <= timestamp) {
                latest = value === null ? undefined : { value, timestamp }
                rows.put(record.key, latest)
              }
              const stored = required(latest)
              context.forward({ ...record, value: `${stored.value}@${stored.timestamp}` })
            },
          }
        },
        { stores: [store] },
      )
      .to('out', texts)
  },
  papi_window_store: (b) => recentRows(b, { retention: 50 }),
  papi_window_store_duplicates: (b) => recentRows(b, { retention: 1000, retainDuplicates: true }),
  stateless_processvalues_peek: (b) =>
    textStream(b)
      .peek(() => undefined)
      .processValues<string>(() => {
        let forward: (record: { value: string; timestamp: number }) => void
        return {
          init(context) {
            forward = (record) => context.forward(record)
          },
          process({ value, timestamp }) {
            forward({ value: `${value}-1`, timestamp })
            forward({ value: `${value}-2`, timestamp: timestamp + 100 })
          },
        }
      })
      .to('out', texts),
  ts_set_by_processor: (b) =>
    textStream(b)
      .process(
        () =>
          new (class extends TextProcessor {
            process(record: ProcessorRecord<string, string>): void {
              const shift = { future: 1000, past: -5 }[record.value] ?? 0
              this.context.forward({ ...record, timestamp: record.timestamp + shift })
            }
          })(),
      )
      .groupByKey(texts)
      .windowedBy(TumblingWindows.of(10))
      .count({ store: 'w' })
      .toStream()
      .to('out'),
}
