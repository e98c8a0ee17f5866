import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compileOptions } from '../../src/runtime/streams-config.js'
import { FaultProxy } from '../../test/support/fault-proxy.js'
import type { BenchCluster } from '../bench-cluster.js'
import { fillTopic } from '../fill-topic.js'
import { peakRssMb } from '../process-account.js'
import { RunnerProcess } from '../runner-process.js'
import { SITUATIONS, type Situation, type SituationName, type Stall } from './situations.js'
import { measureStalledSink, type StalledSinkMeasurement } from './stalled-sink.js'

/** What the process may take beyond: the runtime itself, fetched records, open epochs and the record cache. */
const ALLOWANCE_MB = 250
const MB = 1024 * 1024
/** For how long a sink stands still. */
const SINK_STALL_MS = 60_000

/** What is asked of a runner whose memory is watched. */
export interface MemoryArguments {
  readonly topology: Situation['topology']
  readonly brokers: string
  readonly inputTopic: string
  readonly outputTopic: string
  readonly applicationId: string
  readonly stateDir: string
  readonly records: number
  readonly stall?: Stall
}

/** The peak of a process in a situation, and the bound for it. */
export interface MemoryMeasurement {
  readonly situation: SituationName
  readonly records: number
  readonly peakRssMb: number
  readonly configuredMb: number
  readonly boundMb: number
  /** Records that were processed when the stall had stopped intake; undefined where nothing stalls. */
  readonly processedInStall: number | undefined
  /** Set where a sink stood still. */
  readonly sink?: StalledSinkMeasurement
}

const withinMb = (bytes: number): number => bytes / MB

/** What default options allow a thread: its state, if it has any, and where something stalls, what piles up before. */
export function configuredBytes({ topology, stall }: Situation): number {
  const options = compileOptions({ applicationId: 'memory', brokers: ['localhost:9092'] })
  const state = topology === 'filter-map' ? 0 : options.stateMaxBytes
  return stall === undefined ? state : state + options.fetchMaxBytes + options.epochMaxBytes
}

let runsStarted = 0

/** Brings a process with default options into a situation, and takes its peak. */
export async function measureMemory(
  cluster: BenchCluster,
  name: SituationName,
  records: number,
  signal: AbortSignal,
): Promise<MemoryMeasurement> {
  const situation: Situation = SITUATIONS[name]
  const applicationId = `bench-memory-${process.pid}-${++runsStarted}`
  const stateDir = await mkdtemp(join(tmpdir(), `millrace-${applicationId}-`))
  const [inputTopic, outputTopic] = [`${applicationId}-input`, `${applicationId}-output`]
  try {
    await cluster.createTopic(inputTopic)
    await cluster.createTopic(outputTopic)
    const recordAt = (index: number) => situation.recordAt(index, records)
    await fillTopic(cluster.transport, inputTopic, records, recordAt, signal)
    const { topology, stall } = situation
    const brokers = cluster.brokers.join(',')
    const argument = { topology, brokers, inputTopic, outputTopic, applicationId, stateDir, records }
    if (stall === 'sink') return await runWithStalledSink(cluster, name, { ...argument, stall }, signal)
    return await run(name, stall === undefined ? argument : { ...argument, stall }, signal)
  } finally {
    await cluster.deleteTopicsOf(applicationId)
    await rm(stateDir, { recursive: true, force: true })
  }
}

async function run(
  situation: SituationName,
  argument: MemoryArguments,
  signal: AbortSignal,
): Promise<MemoryMeasurement> {
  await using runner = startRunner(argument, signal)
  const stalled = argument.stall === undefined ? undefined : await runner.milestone('stalled')
  await runner.milestone('closed')
  return measurementOf(situation, argument, await peakRssMb(runner.pid), stalled?.processed)
}

async function runWithStalledSink(
  cluster: BenchCluster,
  situation: SituationName,
  argument: MemoryArguments,
  signal: AbortSignal,
): Promise<MemoryMeasurement> {
  const { recordAt }: Situation = SITUATIONS[situation]
  await using proxy = await FaultProxy.start(cluster.brokers)
  await using runner = startRunner({ ...argument, brokers: proxy.brokers.join(',') }, signal)
  const stalled = { ...argument, cluster, proxy, holdMs: SINK_STALL_MS, recordAt }
  const sink = await measureStalledSink(runner, stalled, signal)
  return { ...measurementOf(situation, argument, await peakRssMb(runner.pid), undefined), sink }
}

function startRunner(argument: MemoryArguments, signal: AbortSignal): RunnerProcess {
  const main = join(import.meta.dirname, '..', 'millrace-runner', 'memory-main.js')
  return new RunnerProcess({ command: process.execPath, arguments: [main] }, argument, signal)
}

function measurementOf(
  situation: SituationName,
  { records }: MemoryArguments,
  peakRssMb: number,
  processedInStall: number | undefined,
): MemoryMeasurement {
  const configuredMb = withinMb(configuredBytes(SITUATIONS[situation]))
  const boundMb = configuredMb + ALLOWANCE_MB
  return { situation, records, peakRssMb, configuredMb, boundMb, processedInStall }
}
