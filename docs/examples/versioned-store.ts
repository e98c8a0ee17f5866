import {
  int32,
  type Processor,
  type ProcessorContext,
  type ProcessorRecord,
  Stores,
  StreamsBuilder,
  string,
  type VersionedKeyValueStore,
} from 'millrace'
import type { Example } from '../generator/example.js'

const levels = Stores.versioned('levels', { key: string(), value: int32(), historyRetention: '1m' })

/** Says by how much a level changed in the last ten seconds before a record, and when its version ends. */
class Trend implements Processor<string, number, string, string> {
  private context!: ProcessorContext<string, string>
  private levels!: VersionedKeyValueStore<string, number>

  init(context: ProcessorContext<string, string>): void {
    this.context = context
    this.levels = context.store(levels)
  }

  process({ key, value, timestamp }: ProcessorRecord<string, number>): void {
    const validTo = this.levels.put(key, value, timestamp)
    if (validTo === undefined) return
    const before = this.levels.get(key, timestamp - 10_000)
    const change = before === undefined ? 'new' : `${value - before.value} in 10 s`
    this.context.forward({ key, value: `${change}, until ${validTo / 1000} s`, timestamp })
  }
}

const builder = new StreamsBuilder()
builder
  .stream('levels', { key: string(), value: int32() })
  .process(() => new Trend(), { stores: [levels], name: 'trend' })
  .to('trends', { key: string(), value: string() })

export default {
  topology: builder.build(),
  inputs: { levels: { key: string(), value: int32() } },
  outputs: { trends: { key: string(), value: string() } },
  steps: [
    ['levels', 'Rhine', 200, '0s'],
    ['levels', 'Rhine', 230, '20s'],
    ['levels', 'Rhine', 210, '10s'],
    ['levels', 'Rhine', 250, '2m'],
    ['levels', 'Rhine', 220, '30s'],
  ],
} satisfies Example
