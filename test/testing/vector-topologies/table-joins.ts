import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { string } from '../../../src/serdes/string.js'
import { windowed } from '../../../src/serdes/windowed.js'
import { type Catalogue, texts, textTable, windowedCounts } from './inputs.js'
import { required, split } from './java.js'

const plus = (left: unknown, right: unknown): string => `${left}+${right}`

/** The two tables, in the order in which a chain of Java's calls makes them. */
const sides = (builder: StreamsBuilder) => {
  const left = textTable(builder, 'l', 'lt')
  return { left, right: textTable(builder, 'r', 'rt') }
}

const kept = { store: 'jt', value: string() }

const inner = (builder: StreamsBuilder) => {
  const { left, right } = sides(builder)
  left.join(right, plus, kept).toStream().to('out')
}

const leftJoin = (builder: StreamsBuilder, options: { store: string; value: typeof kept.value }) => {
  const { left, right } = sides(builder)
  left.leftJoin(right, plus, options).toStream().to('out')
}

const outer = (builder: StreamsBuilder) => {
  const { left, right } = sides(builder)
  left.outerJoin(right, plus, kept).toStream().to('out')
}

/** Tables joined with tables. */
export const tableJoins: Catalogue = {
  rand_ttjoin_inner: inner,
  rand_ttjoin_left: (b) => {
    const { left, right } = sides(b)
    left.leftJoin(right, plus).toStream().to('out', texts)
  },
  rand_ttjoin_outer: outer,
  ttjoin_filter_groupby: (b) => {
    const { left, right } = sides(b)
    left
      .leftJoin(right, (l, r) => `${l}|${r}`)
      .groupBy((key, value) => [required(split(value, '|')[1]), key], { name: 'g', ...texts })
      .count({ store: 'cnt' })
      .toStream()
      .to('out')
  },
  ttjoin_filtered_side: (b) => {
    const { left, right } = sides(b)
    left
      .join(
        right.filter((_, value) => !value.startsWith('x')),
        plus,
      )
      .toStream()
      .to('out', texts)
  },
  ttjoin_inner: inner,
  ttjoin_inner_not_materialized: (b) => {
    const { left, right } = sides(b)
    left.join(right, plus).toStream().to('out', texts)
  },
  ttjoin_left: (b) => leftJoin(b, kept),
  ttjoin_null_joiner_result: (b) => {
    const { left, right } = sides(b)
    left
      .join(right, (l, r) => (r === 'null!' ? null : `${l}+${r}`), kept)
      .toStream()
      .to('out')
  },
  ttjoin_outer: outer,
  ttjoin_self: (b) => {
    const table = textTable(b, 'in', 'tbl')
    table
      .join(
        table.mapValues((value) => `${value}!`),
        plus,
      )
      .toStream()
      .to('out', texts)
  },
  ttjoin_three_way: (b) => {
    const { left, right } = sides(b)
    left
      .join(right, plus)
      .leftJoin(textTable(b, 'x', 'xt'), plus)
      .toStream()
      .to('out', texts)
  },
  ttjoin_windowed_tables: (b) => {
    const first = windowedCounts(b, { topic: 'in1', store: 'w1', grace: 20 })
    const second = windowedCounts(b, { topic: 'in2', store: 'w2', grace: 20 })
    first
      .leftJoin(second, (left, right) => `${left}/${right}`)
      .toStream()
      .to('out', { key: windowed(string(), { size: 10 }), value: string() })
  },
}
