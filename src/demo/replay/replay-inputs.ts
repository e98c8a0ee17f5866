import { UsageError } from '../../cli/usage-error.js'
import type { InputEncoding } from '../demo.js'
import { FlightReports } from '../flights/flight-reports.js'
import type { ReplaySource } from './replay-source.js'
import { SAMPLE_PARTITIONS, type SampleRecord, SampleRecords, topicsOf } from './sample-records.js'

/** Recorded events that can be published, known without reading them. */
export interface ReplayInput {
  readonly topics: readonly string[]
  /** Of each topic. */
  readonly partitions: number
  readonly count: number
  /** Reads all events. May take seconds, and blocks. */
  read(): Promise<ReplaySource>
}

const RECORDED: Readonly<Record<string, (as: InputEncoding | undefined) => ReplayInput>> = {
  flights: (as) => ({
    topics: [as?.topic ?? 'flights'],
    partitions: 4,
    count: 3_000_000,
    read: () => FlightReports.read(as),
  }),
}

/**
 * @param input name of recorded events, or the records themselves
 * @param as how recorded events are published; default: as JSON
 * @throws UsageError naming the recorded events that there are
 */
export const replayInput = (input: string | readonly SampleRecord[], as?: InputEncoding): ReplayInput => {
  if (typeof input !== 'string') return samples(input)
  const recorded = RECORDED[input]
  if (recorded !== undefined) return recorded(as)
  throw new UsageError(`there are no recorded events ${input}; there are ${Object.keys(RECORDED).join(', ')}`)
}

const samples = (records: readonly SampleRecord[]): ReplayInput => ({
  topics: topicsOf(records),
  partitions: SAMPLE_PARTITIONS,
  count: records.length,
  read: async () => new SampleRecords(records),
})
