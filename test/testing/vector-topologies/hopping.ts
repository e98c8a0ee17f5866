import { int64 } from '../../../src/serdes/int64.js'
import { string } from '../../../src/serdes/string.js'
import { HoppingWindows } from '../../../src/windows/hopping-windows.js'
import { UnlimitedWindows } from '../../../src/windows/unlimited-windows.js'
import { type Catalogue, numberStream, textStream } from './inputs.js'

/** Hopping and unlimited windows. */
export const hopping: Catalogue = {
  hopping_count: (b) =>
    textStream(b)
      .groupByKey()
      .windowedBy(HoppingWindows.of(10).advanceBy(5))
      .count({ store: 'w' })
      .toStream()
      .to('out'),
  hopping_non_multiple_advance: (b) =>
    textStream(b)
      .groupByKey()
      .windowedBy(HoppingWindows.of(10).advanceBy(3).grace(20))
      .count({ store: 'w' })
      .toStream()
      .to('out'),
  hopping_partially_late: (b) =>
    textStream(b)
      .groupByKey()
      .windowedBy(HoppingWindows.of(10).advanceBy(5).grace(3))
      .reduce((all, value) => all + value, { store: 'w' })
      .toStream()
      .to('out'),
  hopping_size_not_aligned_retention: (b) =>
    numberStream(b)
      .groupByKey()
      .windowedBy(HoppingWindows.of(7).advanceBy(2).grace(4))
      .aggregate(
        () => 0,
        (_, value, sum) => sum + value,
        { store: 'w', value: int64() },
      )
      .toStream()
      .to('out'),
  rand_hopping_reduce: (b) =>
    textStream(b)
      .groupByKey()
      .windowedBy(HoppingWindows.of(12).advanceBy(5).grace(9))
      .reduce((all, value) => all + value, { store: 'w' })
      .toStream()
      .to('out'),
  unlimited_windows_count: (b) =>
    textStream(b)
      .groupByKey()
      .windowedBy(UnlimitedWindows.of().startOn(10))
      .count({ store: 'w' })
      .toStream(({ key, window }) => `${key}@${window.start}`)
      .to('out', { key: string() }),
}
