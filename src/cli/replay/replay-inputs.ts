import { FlightReports } from '../flights/flight-reports.js'
import { UsageError } from '../usage-error.js'
import type { ReplaySource } from './replay-source.js'

/** Recorded events that can be published, known without reading them. */
export interface ReplayInput {
  readonly topic: string
  readonly partitions: number
  readonly count: number
  /** Reads all events. Takes seconds, and blocks. */
  read(): Promise<ReplaySource>
}

const INPUTS: Readonly<Record<string, ReplayInput>> = {
  flights: { topic: 'flights', partitions: 4, count: 3_000_000, read: () => FlightReports.read() },
}

/** @throws UsageError naming the inputs that there are */
export const replayInput = (name: string): ReplayInput => {
  const input = INPUTS[name]
  if (input !== undefined) return input
  throw new UsageError(`there are no recorded events ${name}; there are ${Object.keys(INPUTS).join(', ')}`)
}
