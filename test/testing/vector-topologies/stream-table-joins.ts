import { string } from '../../../src/serdes/string.js'
import { type Catalogue, nullableTexts, textStream, texts, textTable } from './inputs.js'
import { required, split } from './java.js'

const plus = (left: unknown, right: unknown): string => `${left}+${right}`

/** Streams joined with tables. */
export const streamTableJoins: Catalogue = {
  stjoin_filtered_table: (b) =>
    textStream(b, 's')
      .leftJoin(
        textTable(b, 't', 'tbl')
          .filter((_, value) => value !== 'hidden')
          .mapValues((value) => `${value}!`),
        plus,
      )
      .to('out', texts),
  stjoin_inner: (b) => {
    const stream = nullableTexts(b, 's')
    stream.join(textTable(b, 't', 'tbl'), plus).to('out', texts)
  },
  stjoin_left: (b) => {
    const stream = nullableTexts(b, 's')
    stream.leftJoin(textTable(b, 't', 'tbl'), plus).to('out', texts)
  },
  stjoin_with_aggregated_table: (b) => {
    const stream = textStream(b, 's')
    const counts = stream.groupByKey().count({ store: 'cnt' })
    stream.join(counts, (value, count) => `${value}#${count}`).to('out', texts)
  },
  stjoin_with_repartitioned_stream: (b) =>
    textStream(b, 's')
      .selectKey((_, value) => required(split(value, '/')[0]))
      .join(textTable(b, 't', 'tbl'), plus, { key: string() })
      .to('out', texts),
}
