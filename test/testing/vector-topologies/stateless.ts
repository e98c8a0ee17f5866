import {
  type Catalogue,
  nullableNumbers,
  nullableTexts,
  numberStream,
  numbers,
  textStream,
  texts,
} from './inputs.js'
import { required, split } from './java.js'

/** Operators without state. */
export const stateless: Catalogue = {
  stateless_depth_first_order: (b) => {
    const all = textStream(b)
    all.mapValues((value) => `${value}1`).to('out', texts)
    const flat = all.flatMapValues((value) => [`${value}2`, `${value}3`])
    flat.mapValues((value) => `${value}x`).to('out', texts)
    flat.mapValues((value) => `${value}y`).to('out', texts)
    all.merge(all.mapValues((value) => `${value}m`)).to('out', texts)
  },
  stateless_dynamic_topic: (b) =>
    textStream(b).to((key) => (key === 'a' || key === 'b' ? `out-${key}` : 'out-other')),
  stateless_filter_filternot: (b) => {
    const all = nullableNumbers(b)
    all.filter((_, value) => value !== null && value > 10).to('out-big')
    all.filterNot((_, value) => value !== null && value > 10).to('out-rest')
  },
  stateless_flatmap: (b) =>
    nullableTexts(b)
      .flatMap((_, value) => partsOf(value).map((part): [string, number] => [part, part.length]))
      .to('out', numbers),
  stateless_flatmapvalues: (b) => nullableTexts(b).flatMapValues(partsOf).to('out', texts),
  stateless_map: (b) =>
    nullableTexts(b)
      .map((key, value) => [value, key])
      .to('out', texts),
  stateless_mapvalues: (b) => {
    const all = nullableNumbers(b)
    all.mapValues((value) => (value === null ? -1 : value * 2)).to('out1', numbers)
    all.mapValues((value, key) => `${key}:${value}`).to('out2', texts)
  },
  stateless_merge: (b) => nullableTexts(b, 'in1').merge(nullableTexts(b, 'in2')).to('out'),
  stateless_selectkey: (b) =>
    nullableTexts(b)
      .selectKey((_, value) => value)
      .to('out', texts),
  stateless_split_branch: (b) => {
    const branches = nullableNumbers(b)
      .split({ name: 'br-' })
      .branch((_, value) => value !== null && value > 100, { name: 'big' })
      .branch((_, value) => value !== null && value > 10, { name: 'mid' })
      .defaultBranch({ name: 'rest' })
    branches.big.to('out-big')
    branches.mid.to('out-mid')
    branches.rest.to('out-rest')
  },
  stateless_split_no_default: (b) => {
    const branches = numberStream(b)
      .split({ name: 'br-' })
      .branch((_, value) => required(value) % 2 === 0, { name: 'even' })
      .branch((_, value) => value > 0, { name: 'pos' })
      .noDefaultBranch()
    branches.even.to('out-even')
    branches.pos.to('out-pos')
  },
}

const partsOf = (value: string | null): string[] => (value === null || value === '' ? [] : split(value, ','))
