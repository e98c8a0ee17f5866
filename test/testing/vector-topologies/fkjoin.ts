import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { string } from '../../../src/serdes/string.js'
import { type Catalogue, texts } from './inputs.js'
import { required, split } from './java.js'
import { versionedTable } from './versioned.js'

const table = (builder: StreamsBuilder, topic: string, store: string) =>
  builder.table<string, string>(topic, { ...texts, store })

/** What a value `fk|payload` refers to; nothing where that is empty. */
const foreignKey = (value: string): string | null => split(value, '|')[0] || null
const plus = (left: string, right: string | null): string => `${left}+${right}`
const kept = { store: 'jt', value: string() }

const inner = (builder: StreamsBuilder) =>
  table(builder, 'l', 'lt').join(table(builder, 'r', 'rt'), foreignKey, plus, kept)
const innerNotKept = (builder: StreamsBuilder) =>
  table(builder, 'l', 'lt')
    .join(table(builder, 'r', 'rt'), foreignKey, plus)
    .toStream()
    .to('out', texts)
const left = (builder: StreamsBuilder) =>
  table(builder, 'l', 'lt')
    .leftJoin(table(builder, 'r', 'rt'), foreignKey, plus, kept)
    .toStream()
    .to('out')

/** Joins of tables by foreign keys. */
export const fkjoin: Catalogue = {
  fkjoin_groupby_downstream: (b) =>
    inner(b)
      .groupBy((key, value) => [required(split(value, '+')[1]), key], { name: 'g', ...texts })
      .count({ store: 'cnt' })
      .toStream()
      .to('out'),
  fkjoin_inner: (b) => inner(b).toStream().to('out'),
  fkjoin_inner_not_materialized: innerNotKept,
  fkjoin_left: left,
  headers_fkjoin: (b) =>
    table(b, 'l', 'lt')
      .leftJoin(table(b, 'r', 'rt'), (value) => required(split(value, '|')[0]), plus)
      .toStream()
      .to('out', texts),
  rand_fkjoin_inner: innerNotKept,
  rand_fkjoin_left: left,
  versioned_fkjoin: (b) =>
    versionedTable(b, 'l', 'lt', 1000)
      .join(versionedTable(b, 'r', 'rt', 1000), (value) => required(split(value, '|')[0]), plus)
      .toStream()
      .to('out', texts),
}
