import { TumblingWindows } from '../../../src/windows/tumbling-windows.js'
import { type Catalogue, textStream, windowedCounts } from './inputs.js'

/** Event time of operators. */
export const streamtime: Catalogue = {
  streamtime_all_late: (b) =>
    windowedCounts(b)
      .toStream()
      .filter(({ key }) => key !== 'clock')
      .to('out'),
  streamtime_filtered_records_do_not_count: (b) =>
    textStream(b)
      .filter((_, value) => value !== 'skip')
      .groupByKey()
      .windowedBy(TumblingWindows.of(10))
      .count({ store: 'w' })
      .toStream()
      .to('out'),
  streamtime_merged_topics: (b) =>
    textStream(b, 'in1')
      .merge(textStream(b, 'in2'))
      .groupByKey()
      .windowedBy(TumblingWindows.of(10).grace(2))
      .count({ store: 'w' })
      .toStream()
      .to('out'),
  streamtime_per_operator: (b) => {
    windowedCounts(b, { topic: 'in1', store: 'w1' }).toStream().to('out1')
    windowedCounts(b, { topic: 'in2', store: 'w2' }).toStream().to('out2')
  },
}
