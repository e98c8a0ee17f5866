import {
  int64,
  type KeyValueStore,
  type Processor,
  type ProcessorContext,
  type ProcessorRecord,
  Stores,
  StreamsBuilder,
  string,
} from 'millrace'
import type { Example } from '../generator/example.js'

const seen = Stores.keyValue('seen', { key: string(), value: int64() })

/** Forwards a record unless the same value came in the last ten seconds, keyed by the value. */
class Deduplicate implements Processor<string, string, string, string> {
  private context!: ProcessorContext<string, string>
  private seen!: KeyValueStore<string, number>

  init(context: ProcessorContext<string, string>): void {
    this.context = context
    this.seen = context.store(seen)
  }

  process({ key, value, timestamp }: ProcessorRecord<string, string>): void {
    const last = this.seen.get(value)
    this.seen.put(value, timestamp)
    if (last === undefined || timestamp - last >= 10_000) {
      this.context.forward({ key: value, value: key, timestamp })
    }
  }
}

const builder = new StreamsBuilder()
builder
  .stream('events', { key: string(), value: string() })
  .process(() => new Deduplicate(), { stores: [seen], name: 'deduplicate' })
  .to('unique', { key: string(), value: string() })

export default {
  topology: builder.build(),
  inputs: { events: { key: string(), value: string() } },
  outputs: { unique: { key: string(), value: string() } },
  steps: [
    ['events', 'ann', 'e1', '1s'],
    ['events', 'ann', 'e1', '3s'],
    ['events', 'bob', 'e2', '5s'],
    ['events', 'ann', 'e1', '14s'],
  ],
} satisfies Example
