import {
  GlobalWindows,
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
  type Topology,
  Triggers,
  TumblingWindows,
  Watermarks,
} from '../../src/index.js'
import type { TextRecord } from './topic-client.js'

/** The operators of {@link firingTopology} that have timers. */
export const FIRING_OPERATORS = ['seconds', 'batches', 'silences', 'echoes'] as const

const SILENCE = 700
const ECHO_AFTER = 20

const SILENT_SINCE = Stores.keyValue('silent-since', { key: string(), value: json<number>() })
const SILENCES = Timers.of('silence-ends', { key: string() })

/** Tells, in event time, of a key that had no record for some time, with when it had its last one. */
class Silences implements Processor<string, string, string, string> {
  private context!: ProcessorContext<string, string>
  private since!: KeyValueStore<string, number>

  init(context: ProcessorContext<string, string>): void {
    this.context = context
    this.since = context.store(SILENT_SINCE)
  }

  process({ key, timestamp }: ProcessorRecord<string, string>): void {
    const since = this.since.get(key)
    if (since !== undefined && since >= timestamp) return
    const timers = this.context.timers(SILENCES)
    if (since !== undefined) timers.delete('event-time', key, since + SILENCE)
    this.since.put(key, timestamp)
    timers.set('event-time', key, timestamp + SILENCE)
  }

  onTimer({ key, timestamp }: Timer<string>): void {
    this.context.forward({ key: `silence ${key}`, value: String(this.since.get(key)), timestamp })
    this.since.delete(key)
  }
}

const ECHOES = Timers.of('echo-times', { key: string() })

/** Hands each value on some time later by the clock. */
class Echoes implements Processor<string, string, string, string> {
  private context!: ProcessorContext<string, string>

  init(context: ProcessorContext<string, string>): void {
    this.context = context
  }

  process({ value }: ProcessorRecord<string, string>): void {
    const timers = this.context.timers(ECHOES)
    timers.set('processing-time', value, timers.currentProcessingTime + ECHO_AFTER)
  }

  onTimer({ key: value, timestamp }: Timer<string>): void {
    this.context.forward({ key: 'echo', value, timestamp })
  }
}

/**
 * Triggers and timers of both kinds of time. Windows of a second are handed on at every third record, at their end, and at
 * records that are late; `batches` have five records of a key, or what has come of it in some milliseconds.
 */
export function firingTopology(input: string, output: string): Topology {
  const builder = new StreamsBuilder()
  const records = builder.stream(input, {
    key: string(),
    value: string(),
    watermark: Watermarks.boundedOutOfOrderness('200ms'),
  })
  const grouped = records.groupByKey()
  const none: readonly string[] = []
  const values = json<readonly string[]>()
  const add = (_: string, value: string, all: readonly string[]) => [...all, value]
  const seconds = grouped
    .windowedBy(TumblingWindows.of('1s').grace('1s'))
    .trigger(Triggers.eventTime({ early: Triggers.count(3) }))
    .aggregate(() => none, add, { store: 'seconds-store', name: 'seconds', value: values })
    .map(({ key, window }, all): [string, string] => [`second ${window.start} ${key}`, all.join(' ')])
  const batches = grouped
    .windowedBy(GlobalWindows.of())
    .trigger(Triggers.purging(Triggers.processingTimeout(Triggers.count(5), '20ms')))
    .aggregate(() => none, add, { store: 'batches-store', name: 'batches', value: values })
    .map(({ key }, all): [string, string] => [`batch ${key}`, all.join(' ')])
  const silences = records.process(() => new Silences(), {
    stores: [SILENT_SINCE],
    timers: SILENCES,
    name: 'silences',
  })
  const echoes = records.process(() => new Echoes(), { timers: ECHOES, name: 'echoes' })
  const to = (results: KStream<string, string>): void =>
    results.to(output, { key: string(), value: string() })
  for (const results of [seconds, batches, silences, echoes]) to(results)
  return builder.build()
}

/** Records of twenty keys, 10 ms apart, some of them earlier than what came before, and some of those late. */
export const firingRecords = (from: number, to: number): TextRecord[] =>
  Array.from({ length: to - from }, (_, index) => {
    const at = from + index
    const back = at % 23 === 0 ? 1_500 : at % 5 === 0 ? 150 : 0
    return {
      key: `key${(at * at + Math.floor(at / 90)) % 20}`,
      value: String(at),
      timestamp: 5_000 + at * 10 - back,
    }
  })
