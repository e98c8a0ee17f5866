import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import { BenchCluster } from '../bench-cluster.js'
import type { FilledRecord } from '../fill-topic.js'
import { median } from '../median.js'
import { SteadyFeed } from '../steady-feed.js'
import { PARTITIONS } from '../workloads.js'
import type { RebalanceOptions } from './rebalance-options.js'
import { RebalanceWorker } from './rebalance-worker.js'

const BROKER_HEAP_MB = 1024
/** A partition that does not move stops for less than this. */
const MOST_MS = 100
const LOOK_AGAIN_MS = 20
const KEYS = 1_000
/** How long it runs before anything happens, and after: what a rebalance leaves behind counts as well. */
const SETTLED_MS = 2_000

const EVENTS = ['nothing', 'joins', 'leaves', 'dies'] as const
type RebalanceEvent = (typeof EVENTS)[number]

/** Longest stop of any partition that stays where it is, in milliseconds: each event's median over the runs. */
export type RebalanceReport = Readonly<Record<RebalanceEvent, number>>

/** Measures what a worker's partitions notice of another one that joins, leaves, joins again and dies. */
export async function benchRebalance(
  { rate, runs }: RebalanceOptions,
  signal: AbortSignal,
  progress: (line: string) => void,
): Promise<RebalanceReport> {
  await using broker = await KafkaBroker.start({ heapMb: BROKER_HEAP_MB })
  await using cluster = new BenchCluster(broker.brokers)
  const stops = new Map<RebalanceEvent, number[]>(EVENTS.map((event) => [event, []]))
  for (let run = 1; run <= runs; run++) {
    for (const [event, milliseconds] of await runOnce(cluster, run, rate, signal)) {
      progress(`run ${run} of ${runs}: ${described(event)}: ${milliseconds.toFixed(0)} ms`)
      stops.get(event)!.push(milliseconds)
    }
  }
  return Object.fromEntries(
    EVENTS.map((event) => [event, median(stops.get(event)!)]),
  ) as unknown as RebalanceReport
}

async function runOnce(cluster: BenchCluster, run: number, rate: number, signal: AbortSignal) {
  const applicationId = `bench-rebalance-${run}`
  const directory = await mkdtemp(join(tmpdir(), `millrace-${applicationId}-`))
  const [inputTopic, outputTopic] = [`${applicationId}-input`, `${applicationId}-output`]
  const worker = (name: string): RebalanceWorker =>
    new RebalanceWorker({
      brokers: cluster.brokers.join(','),
      applicationId,
      inputTopic,
      outputTopic,
      stateDir: join(directory, name),
    })
  try {
    await cluster.createTopic(inputTopic)
    await cluster.createTopic(outputTopic)
    await using feed = new SteadyFeed(cluster.transport, { topic: inputTopic, rate, recordAt })
    await using first = worker('first')
    const measured = new Measured(first, feed, signal)
    await measured.until('all tasks', () => first.runs(PARTITIONS))
    await measured.settle()
    const half = PARTITIONS / 2
    await measured.event('nothing', () => measured.settle())
    {
      await using second = worker('second')
      await measured.event('joins', () => measured.until('half of the tasks', () => first.runs(half)))
      await measured.until('half of the tasks for the other', () => second.runs(half))
      await measured.event('leaves', async () => {
        await second.close()
        await measured.until('all tasks again', () => first.runs(PARTITIONS))
      })
    }
    await using third = worker('second')
    await measured.until('half of the tasks', () => first.runs(half))
    await measured.until('half of the tasks for the other', () => third.runs(half))
    await measured.event('dies', async () => {
      await third.kill()
      await measured.until('all tasks again', () => first.runs(PARTITIONS))
    })
    return measured.stops
  } finally {
    await cluster.deleteTopicsOf(applicationId)
    await rm(directory, { recursive: true, force: true })
  }
}

/** As many to each partition; a key begins with its partition, a value is the time at which it was published. */
function recordAt(index: number): FilledRecord {
  const partition = index % PARTITIONS
  const timestamp = Date.now()
  return {
    partition,
    timestamp,
    key: Buffer.from(`${partition}-${index % KEYS}`),
    value: Buffer.from(String(timestamp)),
  }
}

/** The first worker's stops around events. */
class Measured {
  readonly stops = new Map<RebalanceEvent, number>()

  constructor(
    private readonly worker: RebalanceWorker,
    private readonly feed: SteadyFeed,
    private readonly signal: AbortSignal,
  ) {}

  async event(event: RebalanceEvent, happen: () => Promise<void>): Promise<void> {
    const before = await this.worker.partitions()
    await this.worker.stops()
    await happen()
    await this.settle()
    const [stops, after] = [await this.worker.stops(), await this.worker.partitions()]
    const stayed = before.filter((partition) => after.includes(partition))
    this.stops.set(event, Math.max(...stayed.map((partition) => stops.get(partition)!)))
  }

  async until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const deadline = performance.now() + 60_000
    while (!(await holds())) {
      this.signal.throwIfAborted()
      if (performance.now() > deadline) throw new Error(`not within a minute: ${what}`)
      await Promise.race([delay(LOOK_AGAIN_MS), this.feed.failure()])
    }
  }

  settle(): Promise<void> {
    return delay(SETTLED_MS, undefined, { signal: this.signal })
  }
}

const described = (event: RebalanceEvent): string =>
  event === 'nothing' ? 'no other worker, for comparison' : `another worker ${event}`

/** Whether no partition that stayed stopped for too long. */
export const isSmooth = ({ joins, leaves, dies }: RebalanceReport): boolean =>
  Math.max(joins, leaves, dies) < MOST_MS

/** The report for people. */
export function rebalanceText(report: RebalanceReport): string {
  const lines = EVENTS.map(
    (event) => `${described(event).padEnd(34)} ${report[event].toFixed(0).padStart(5)} ms`,
  )
  return [`longest stop of a partition that stays (to be less than ${MOST_MS} ms), medians`, ...lines].join(
    '\n',
  )
}
