import type { SeededRandom } from '../seeded-random.js'
import type { ChaosEvents, PublishedEvent } from '../workload.js'
import { type CountedEvent, INPUT } from './counts-topology.js'

const SOURCES = 20_000

/** What an event adds to its group's sum: the verifier knows it from the event's source and number. */
const amountOf = (source: number, sequence: number): number => (source * 31 + sequence * 17) % 1_000

/** Events of sources that chance picks, each source's with numbers that follow one another. */
export class CountedEvents implements ChaosEvents {
  private readonly sequences = new Uint32Array(SOURCES)

  constructor(private readonly random: SeededRandom) {}

  next(): PublishedEvent {
    const source = Math.floor(this.random.next() * SOURCES)
    const sequence = this.sequences[source]!++
    const event: CountedEvent = { source, sequence, amount: amountOf(source, sequence) }
    return { topic: INPUT, key: `source-${source}`, value: event }
  }
}
