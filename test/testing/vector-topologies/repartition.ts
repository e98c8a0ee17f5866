import { string } from '../../../src/serdes/string.js'
import { type Catalogue, nullableTexts, textStream, texts } from './inputs.js'

/** Repartition topics. */
export const repartition: Catalogue = {
  repartition_explicit: (b) =>
    nullableTexts(b)
      .selectKey((_, value) => value)
      .repartition({ name: 'rp', ...texts })
      .to('out'),
  repartition_null_key_then_count: (b) =>
    nullableTexts(b)
      .selectKey((_, value) => value)
      .groupByKey({ name: 'g', key: string() })
      .count({ store: 'cnt' })
      .toStream()
      .to('out'),
  repartition_to_and_back: (b) => {
    textStream(b)
      .mapValues((value) => `${value}!`)
      .to('mid', texts)
    textStream(b, 'mid')
      .mapValues((value) => `${value}?`)
      .to('out', texts)
  },
}
