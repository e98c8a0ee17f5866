import { type KStream, type KTable, type StreamsBuilder, Suppressed } from '../../src/index.js'
import { stream, strings } from '../topology/golden/golden-topology.js'
import type { Misuses } from './misuse.js'

const both = (left: unknown, right: unknown): string => `${left}${right}`
const self = (value: string): string => value
const table = (builder: StreamsBuilder, topic = 'table') => builder.table(topic, { ...strings, store: topic })
const versioned = (builder: StreamsBuilder) =>
  builder.table('versions', { ...strings, store: 'versions', historyRetention: '1h' })
/** A table that lost its value serde, past what the compiler asks for. */
const mapped = (builder: StreamsBuilder, topic?: string): KTable<string, string | null> =>
  table(builder, topic).mapValues((value) => value) as never

/** Joins by what rows refer to. */
export const FOREIGN_KEYS: Misuses = {
  'a foreign-key join of rows without a value serde': (builder) =>
    mapped(builder).join(table(builder, 'other'), self, both),
  'a foreign-key join with rows without a value serde': (builder) =>
    table(builder).leftJoin(mapped(builder, 'other'), self, both),
  'a foreign-key join kept without a value serde': (builder) =>
    table(builder).join(table(builder, 'other'), self, both, { store: 'joined' } as never),
  'a foreign-key join without a name where names are to be explicit': {
    build: (builder) => table(builder).join(table(builder, 'other'), self, both),
    explicitNames: true,
  },
}

/** Tables that keep versions, and who joins with them. */
export const VERSIONS: Misuses = {
  'a versioned table suppressed': (builder) =>
    versioned(builder).suppress(Suppressed.untilTimeLimit('1s'), { name: 'calm' }),
  'a versioned table with a record cache': (builder) =>
    builder.table('t', { ...strings, historyRetention: '1h', caching: true }),
  'a history retention that is no duration': (builder) =>
    builder.table('t', { ...strings, historyRetention: 'long' as never }),
  'a grace period with a table that keeps no versions': (builder) =>
    stream(builder).join(table(builder), both, { gracePeriod: '1m' }),
  'a grace period longer than the table keeps versions': (builder) =>
    stream(builder).leftJoin(versioned(builder), both, { gracePeriod: '2h' }),
  'an as-of join with a table that keeps no versions': (builder) =>
    stream(builder).asOfJoin(table(builder), both, { name: 'quoted' }),
  'an as-of join with a tolerance that is no duration': (builder) =>
    stream(builder).asOfJoin(versioned(builder), both, { name: 'quoted', tolerance: -1 }),
  'a grace period without value serde': (builder) => {
    const numbers: KStream<string, string> = stream(builder).mapValues((value) => value) as never
    numbers.join(versioned(builder), both, { gracePeriod: '1m' })
  },
}
