/**
 * An application of one client that kills itself, with SIGKILL, when the commit of an epoch comes to a step for the
 * n-th time, if that is asked for, and closes on SIGTERM. Run as a process: node killed-application.js <JSON of a KilledApplication>
 */
import { subscribe } from 'node:diagnostics_channel'
import { KafkaStreams, type KafkaStreamsOptions, type Topology } from '../../src/index.js'
import type { CommitStepMessage } from '../../src/runtime/commit-steps.js'
import { askingTopology } from './asking.js'
import { countingTopology, keysAndWindowsTopology } from './counting.js'
import { deduplicatingTopology } from './deduplicating.js'
import { firingTopology } from './firing.js'

/** Before which step: offsets are added (at_least_once: committed), the transaction is committed, state is written. */
export type KillPoint = 'produced' | 'offsets-added' | 'committed'

/** What it runs. */
const TOPOLOGIES = {
  counts: (input, output) => countingTopology(input, output),
  'counts-and-windows': keysAndWindowsTopology,
  asks: (input, output) => askingTopology(input, output),
  deduplicates: (input, output) => deduplicatingTopology(input, output),
  fires: firingTopology,
} satisfies Record<string, (input: string, output: string) => Topology>

export interface KilledApplication {
  readonly options: KafkaStreamsOptions
  readonly input: string
  readonly output: string
  readonly before?: KillPoint
  readonly commit?: number
  /** Default: `counts`. */
  readonly runs?: keyof typeof TOPOLOGIES
}

const LAST_STEPS: Readonly<Record<KillPoint, CommitStepMessage>> = {
  produced: { step: 'offsets', phase: 'before' },
  'offsets-added': { step: 'end-transaction', phase: 'before' },
  committed: { step: 'local-write', phase: 'before' },
}

const {
  options,
  input,
  output,
  before,
  commit,
  runs = 'counts',
} = JSON.parse(process.argv[2]!) as KilledApplication

/** Coming to a step for the n-th time is the last thing that this process does. */
function killBefore(point: KillPoint): void {
  const last = LAST_STEPS[point]
  let times = 0
  subscribe('millrace:commit', (message) => {
    const { step, phase } = message as CommitStepMessage
    if (step === last.step && phase === last.phase && ++times === commit) process.kill(process.pid, 'SIGKILL')
  })
}

if (before !== undefined) killBefore(before)
const streams = new KafkaStreams(TOPOLOGIES[runs](input, output), options)
process.once('SIGTERM', () => void streams.close())
await streams.start()
