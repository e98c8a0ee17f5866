import {
  logAndSkipOnInvalidTimestamp,
  usePartitionTimeOnInvalidTimestamp,
} from '../../../src/time/timestamp-policies.js'
import { TumblingWindows } from '../../../src/windows/tumbling-windows.js'
import { type Catalogue, textStream, texts } from './inputs.js'
import { parseLong, split } from './java.js'

/** Timestamps and their extractors. */
export const timestamps: Catalogue = {
  ts_extractor_embedded: (b) => {
    const all = b.stream<string, string | null>('in', {
      ...texts,
      timestamp: ({ value, timestamp }) =>
        value?.includes('@') ? parseLong(value.slice(value.indexOf('@') + 1)) : timestamp,
    })
    all.to('out')
    all.groupByKey().windowedBy(TumblingWindows.of(10)).count({ store: 'w' }).toStream().to('out-w')
  },
  ts_extractor_negative_dropped: (b) =>
    b
      .stream<string, string>('in', { ...texts, timestamp: ({ value }) => parseLong(split(value, '@')[1]) })
      .groupByKey()
      .count({ store: 'cnt' })
      .toStream()
      .to('out'),
  ts_fail_on_invalid: (b) => textStream(b).to('out'),
  ts_log_and_skip_negative_record_ts: (b) =>
    b.stream('in', { ...texts, timestamp: logAndSkipOnInvalidTimestamp() }).to('out'),
  ts_use_partition_time: (b) =>
    b.stream('in', { ...texts, timestamp: usePartitionTimeOnInvalidTimestamp() }).to('out'),
}
