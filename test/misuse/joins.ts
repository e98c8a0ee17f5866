import { type KStream, type KTable, Stores, StreamsBuilder, string } from '../../src/index.js'
import { stream, strings } from '../topology/golden/golden-topology.js'
import type { Misuses } from './misuse.js'

const both = (left: unknown, right: unknown): string => `${left}${right}`
/** Options, or a stream, past what the compiler asks for. */
const without = (options: object = {}) => options as never
const byValue = (builder: StreamsBuilder, topic?: string) =>
  stream(builder, topic).selectKey((_, value) => value)
const table = (builder: StreamsBuilder, topic = 'table') => builder.table(topic, strings)

/** Joins that cannot be. */
export const JOINS: Misuses = {
  'a stream joined with a table of another builder': (builder) =>
    stream(builder).join(table(new StreamsBuilder()), both),
  'tables of two builders joined': (builder) => table(builder).join(table(new StreamsBuilder()), both),
  'a join of topics that were given different partitions': (builder) => {
    const moved = (topic: string, partitions: number) =>
      byValue(builder, topic).repartition({ name: topic, key: string(), partitions })
    moved('a', 2).join(moved('b', 3).toTable(), both)
  },
  'a stream with new keys joined without key serde': (builder) =>
    byValue(builder).join(table(builder), both, without()),
  'a stream with new keys joined without value serde': (builder) => {
    const mapped: KStream<string, string, never> = stream(builder).map((key, value) => [value, key])
    mapped.leftJoin(table(builder), both, without({ key: string() }))
  },
  'a join of tables kept without a value serde': (builder) =>
    table(builder).outerJoin(table(builder, 'other'), both, without({ store: 'joined' })),
  'a table joined with itself and grouped, without a value serde': (builder) => {
    const rows: KTable<string, string | null> = table(builder)
    rows.join(rows, both).groupBy((key, value) => [value, key], strings)
  },
  'a stream joined with a global table of another builder': (builder) =>
    stream(builder).join(new StreamsBuilder().globalTable('global', strings), (key) => key, both),
  'a global table of a topic that is read as a stream': (builder) => {
    stream(builder, 'in')
    builder.globalTable('in', strings)
  },
  'a global table without serdes': (builder) => builder.globalTable('global', without({ store: 'rows' })),
  'one processor of a global store for all threads': (builder) => {
    const shared = { process: () => undefined }
    const store = Stores.keyValue('rows', strings)
    stream(builder)
    builder.addGlobalStore(store, 'global', strings, () => shared)
  },
  'a topology of global tables only': (builder) => builder.globalTable('global', strings),
}
