import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { int64 } from '../../../src/serdes/int64.js'
import { JoinWindows } from '../../../src/windows/join-windows.js'
import { type Catalogue, textStream, texts, textTable } from './inputs.js'

const plus = (left: unknown, right: unknown): string => `${left}+${right}`

/** A stream and a table, which are joined with others and with each other. */
const sides = (builder: StreamsBuilder) => {
  const stream = textStream(builder, 'l')
  return { stream, table: textTable(builder, 't', 'tt') }
}

/** Joins of all kinds side by side. */
export const allJoins: Catalogue = {
  headers_joins: (b) => {
    const { stream, table } = sides(b)
    stream.leftJoin(textStream(b, 'r'), plus, JoinWindows.of(10)).to('out-ss', texts)
    stream.leftJoin(table, plus).to('out-st', texts)
    table
      .leftJoin(textTable(b, 'u', 'ut'), plus)
      .toStream()
      .to('out-tt', texts)
  },
  ts_results_are_max_of_inputs: (b) => {
    const { stream, table } = sides(b)
    stream.join(textStream(b, 'r'), plus, JoinWindows.of(100)).to('out-ss', texts)
    stream.join(table, plus).to('out-st', texts)
    table
      .join(textTable(b, 'u', 'ut'), plus)
      .toStream()
      .to('out-tt', texts)
    stream.groupByKey().count({ store: 'cnt', value: int64() }).toStream().to('out-agg')
  },
}
