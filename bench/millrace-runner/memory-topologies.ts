import { json, StreamsBuilder, string, type Topology, TumblingWindows } from 'millrace'
import type { MemoryTopology } from '../memory/situations.js'
import type { Event } from '../workloads.js'

/** What is kept of each user: lists and maps, which take several times as much in memory as serialized. */
interface Profile {
  readonly tags: readonly string[]
  readonly amounts: Readonly<Record<string, number>>
}

const events = { key: string(), value: json<Event>() }

/** The topologies that only the memory bench has, by name, each over an input. */
export const MEMORY_TOPOLOGIES: Readonly<Record<MemoryTopology, (input: string) => Topology>> = {
  /** Keeps a profile of each user, for what state of nested values takes. */
  profiles(input) {
    const builder = new StreamsBuilder()
    builder
      .stream(input, events)
      .groupByKey()
      .aggregate(
        () => ({ tags: [], amounts: {} }),
        (_user, event) => profileOf(event),
        { store: 'profiles', value: json<Profile>() },
      )
    return builder.build()
  },

  /** Counts records by user in windows of ten seconds. */
  'ten-seconds'(input) {
    const builder = new StreamsBuilder()
    builder
      .stream(input, events)
      .groupByKey()
      .windowedBy(TumblingWindows.of('10s'))
      .count({ store: 'windows' })
    return builder.build()
  },

  /** Keeps the last event of each user. */
  table(input) {
    const builder = new StreamsBuilder()
    builder.table(input, { ...events, store: 'table' })
    return builder.build()
  },
}

const profileOf = ({ user, type, id, amount }: Event): Profile => ({
  tags: [user.slice(-3), type, `${id % 1000}`, `${amount}`, 'web', 'new'],
  amounts: { [`p${id % 10_000}`]: 1, [type]: amount, [`q${amount % 100}`]: amount / 7 },
})
