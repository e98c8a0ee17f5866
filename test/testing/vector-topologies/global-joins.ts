import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { type Catalogue, nullableTexts, texts } from './inputs.js'
import { split } from './java.js'

const plus = (left: unknown, right: unknown): string => `${left}+${right}`
const globalTable = (builder: StreamsBuilder) =>
  builder.globalTable<string, string>('g', { ...texts, store: 'gt' })
/** What stands before the slash, if anything does. */
const beforeSlash = (_: string | null, value: string): string | null => split(value, '/')[0] || null

/** Streams joined with global tables. */
export const globalJoins: Catalogue = {
  globaljoin_by_stream_key: (b) => {
    const table = globalTable(b)
    nullableTexts(b, 's')
      .leftJoin(
        table,
        (key) => key,
        (value, row, key) => `${key}:${value}+${row}`,
      )
      .to('out', texts)
  },
  globaljoin_inner: (b) => {
    const table = globalTable(b)
    nullableTexts(b, 's').join(table, beforeSlash, plus).to('out', texts)
  },
  globaljoin_left: (b) => {
    const table = globalTable(b)
    nullableTexts(b, 's').leftJoin(table, beforeSlash, plus).to('out', texts)
  },
}
