import { partitionFor } from '../../src/kafka/records/partitioner.js'
import type { FilledRecord } from '../fill-topic.js'
import { eventAt, PARTITIONS, scramble, type Workload } from '../workloads.js'

const HOUR_MS = 3_600_000
const SKEW = 100
const WINDOWED_KEYS = 100_000
/** Records in a millisecond of event time: each key has some records in a window of ten seconds. */
const RECORDS_PER_MS = 50

/** Topologies that only the memory bench has. */
export type MemoryTopology = 'profiles' | 'ten-seconds' | 'table'

/** What can be held up. */
export type Stall = 'commit' | 'output' | 'sink'

/** Something that must not make a process grow beyond what it is configured for. */
export interface Situation {
  readonly title: string
  readonly topology: Workload | MemoryTopology
  /** Records of the full size. */
  readonly records: number
  /**
   * What is held up; absent: nothing. A commit and output are within the process, for as long as intake goes on; a sink is
   * outside: from when a part of the records is read the broker answers no Produce for a minute.
   */
  readonly stall?: Stall
  recordAt(index: number, count: number): FilledRecord
}

/** A record of the workloads' input, with another user, time or partition. */
function record(
  index: number,
  { user = eventAt(index).user, timestamp = index, partition = undefined as number | undefined },
): FilledRecord {
  const key = Buffer.from(user)
  const value = Buffer.from(JSON.stringify({ ...eventAt(index), user }))
  return { key, value, timestamp, partition: partition ?? partitionFor(key, 0, key.length, PARTITIONS) }
}

const distinct = (index: number): FilledRecord =>
  record(index, { user: `user-${String(index).padStart(9, '0')}` })

export const SITUATIONS = {
  hour: {
    title: 'one hour of event time at full speed',
    topology: 'window',
    records: 5_000_000,
    recordAt: (index, count) => record(index, { timestamp: Math.floor((index / count) * HOUR_MS) }),
  },
  keys: {
    title: 'distinct keys',
    topology: 'count',
    records: 5_000_000,
    recordAt: distinct,
  },
  windows: {
    title: '100,000 keys in windows of ten seconds',
    topology: 'ten-seconds',
    records: 20_000_000,
    recordAt: (index) =>
      record(index, {
        user: `user-${String(scramble(index, 5) % WINDOWED_KEYS).padStart(9, '0')}`,
        timestamp: Math.floor(index / RECORDS_PER_MS),
      }),
  },
  table: {
    title: 'a table of distinct keys',
    topology: 'table',
    records: 5_000_000,
    recordAt: distinct,
  },
  nested: {
    title: 'distinct keys whose values are nested lists and maps',
    topology: 'profiles',
    records: 2_000_000,
    recordAt: distinct,
  },
  commit: {
    title: 'a commit that stalls',
    topology: 'count',
    records: 2_000_000,
    stall: 'commit',
    recordAt: distinct,
  },
  output: {
    title: 'output that is not acknowledged',
    topology: 'filter-map',
    records: 5_000_000,
    stall: 'output',
    recordAt: (index) => record(index, {}),
  },
  sink: {
    title: 'a broker that takes no output for a minute',
    topology: 'filter-map',
    records: 8_000_000,
    stall: 'sink',
    recordAt: (index) => record(index, {}),
  },
  skew: {
    title: `a partition ${SKEW} times larger than the others`,
    topology: 'count',
    records: 5_000_000,
    recordAt: (index) => {
      const turn = index % (SKEW + PARTITIONS - 1)
      return record(index, { partition: turn < SKEW ? 0 : turn - SKEW + 1 })
    },
  },
} as const satisfies Record<string, Situation>

export type SituationName = keyof typeof SITUATIONS
