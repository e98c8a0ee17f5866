import { string } from '../../../src/serdes/string.js'
import { type Catalogue, textStream, texts } from './inputs.js'
import { required } from './java.js'

/** How headers travel. */
export const headers: Catalogue = {
  headers_repartition_count: (b) =>
    textStream(b)
      .groupBy((_, value) => value, { name: 'g', key: string() })
      .count({ store: 'cnt' })
      .toStream()
      .to('out'),
  headers_stateless: (b) =>
    textStream(b)
      .filter((_, value) => required(value) !== 'drop')
      .mapValues((value) => `${value}!`)
      .selectKey((key) => `${key}${key}`)
      .flatMapValues((value) => [value, value])
      .to('out', texts),
}
