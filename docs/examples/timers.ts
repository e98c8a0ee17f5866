import {
  type FixedKeyProcessorContext,
  int64,
  type KeyValueStore,
  type ProcessorRecord,
  Stores,
  StreamsBuilder,
  string,
  type Timer,
  Timers,
} from 'millrace'
import type { Example } from '../generator/example.js'

const lastSeen = Stores.keyValue('last-seen', { key: string(), value: int64() })
const silences = Timers.of('silences', { key: string() })

/** Tells of a sensor that has been silent for ten seconds. */
class TellSilence {
  private context!: FixedKeyProcessorContext<string>
  private lastSeen!: KeyValueStore<string, number>
  private silences!: Timers<string>

  init(context: FixedKeyProcessorContext<string>): void {
    this.context = context
    this.lastSeen = context.store(lastSeen)
    this.silences = context.timers(silences)
  }

  process({ key, timestamp }: ProcessorRecord<string, string>): void {
    const before = this.lastSeen.get(key)
    if (before !== undefined) this.silences.delete('event-time', key, before + 10_000)
    this.lastSeen.put(key, timestamp)
    this.silences.set('event-time', key, timestamp + 10_000)
  }

  onTimer({ timestamp }: Timer<string>): void {
    this.context.forward({ value: 'silent', timestamp })
  }
}

const builder = new StreamsBuilder()
builder
  .stream('readings', { key: string(), value: string() })
  .processValues(() => new TellSilence(), { stores: [lastSeen], timers: silences, name: 'tell-silence' })
  .to('alerts', { value: string() })

export default {
  topology: builder.build(),
  inputs: { readings: { key: string(), value: string() } },
  outputs: { alerts: { key: string(), value: string() } },
  steps: [
    ['readings', 's1', '20.1', '0s'],
    ['readings', 's2', '18.4', '5s'],
    ['readings', 's1', '20.2', '8s'],
    ['readings', 's1', '20.3', '16s'],
    ['readings', 's2', '18.5', '30s'],
  ],
} satisfies Example
