import { json, StreamsBuilder, string } from 'millrace'
import type { Event } from '../workloads.js'

/** What is kept of each user: lists and maps, which take several times as much in memory as serialized. */
interface Profile {
  readonly tags: readonly string[]
  readonly amounts: Readonly<Record<string, number>>
}

/** Keeps a profile of each user, for what state of nested values takes. */
export function profilesTopology(input: string) {
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: string(), value: json<Event>() })
    .groupByKey()
    .aggregate(
      () => ({ tags: [], amounts: {} }),
      (_user, event) => profileOf(event),
      {
        store: 'profiles',
        value: json<Profile>(),
      },
    )
  return builder.build()
}

const profileOf = ({ user, type, id, amount }: Event): Profile => ({
  tags: [user.slice(-3), type, `${id % 1000}`, `${amount}`, 'web', 'new'],
  amounts: { [`p${id % 10_000}`]: 1, [type]: amount, [`q${amount % 100}`]: amount / 7 },
})
