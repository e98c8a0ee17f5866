import { setTimeout as delay } from 'node:timers/promises'
import type { FaultProxy } from '../../test/support/fault-proxy.js'
import type { BenchCluster } from '../bench-cluster.js'
import type { FilledRecord } from '../fill-topic.js'
import { difference, outputDigest, type PartitionResult } from '../output-digest.js'
import { readOutput } from '../output-topic.js'
import { rssMb } from '../process-account.js'
import type { RunnerProcess } from '../runner-process.js'
import { type Event, KEPT_TYPE, PARTITIONS } from '../workloads.js'

const POLL_MS = 250

/** How a process took it that the broker took nothing from it. */
export interface StalledSinkMeasurement {
  readonly heldMs: number
  /** The most resident memory in the first half of the stall, and in the second one, in MiB. */
  readonly rssFirstHalfMb: number
  readonly rssSecondHalfMb: number
  /** Records a second that were committed before the stall, and from its end to the end of the input. */
  readonly recordsPerSecondBefore: number
  readonly recordsPerSecondAfter: number
  /** Records that were committed while the sink stood still, those of a commit that was nearly over. */
  readonly committedInStall: number
  /** Where what was written differs from what was to be, in words; undefined: nowhere. */
  readonly difference: string | undefined
}

/** What a stall is made on. */
export interface StalledSink {
  readonly cluster: BenchCluster
  readonly proxy: FaultProxy
  readonly inputTopic: string
  readonly outputTopic: string
  readonly applicationId: string
  readonly records: number
  /** For how long the broker gets no output. */
  readonly holdMs: number
  recordAt(index: number, count: number): FilledRecord
}

/**
 * Holds all output of a running process back for a while from when a quarter of its input is committed, and looks how it
 * goes on afterwards. Its other requests are answered meanwhile, heartbeats and fetches among them.
 */
export async function measureStalledSink(
  runner: RunnerProcess,
  sink: StalledSink,
  signal: AbortSignal,
): Promise<StalledSinkMeasurement> {
  const { cluster, proxy, records, holdMs } = sink
  const committed = () => cluster.committedRecords(sink.applicationId, [sink.inputTopic])
  const reached = async (count: number) => {
    for (;;) {
      const at = performance.now()
      const now = await committed()
      if (now >= count) return { at, committed: now }
      await runner.orFailure(delay(POLL_MS, undefined, { signal }))
    }
  }

  const warm = await reached(records / 20)
  const quarter = await reached(records / 4)
  const held = proxy.delayRequest({ api: 'Produce', times: Number.POSITIVE_INFINITY })
  await runner.orFailure(held.firstFired)
  const begun = performance.now()
  const atStall = await committed()
  const highest = async (until: number): Promise<number> => {
    let mb = 0
    while (performance.now() < until) {
      mb = Math.max(mb, await rssMb(runner.pid))
      await runner.orFailure(delay(POLL_MS, undefined, { signal }))
    }
    return mb
  }
  const rssFirstHalfMb = await highest(begun + holdMs / 2)
  const rssSecondHalfMb = await highest(begun + holdMs)
  const atEnd = await committed()
  held.cancel()
  held.release()
  const released = performance.now()
  const done = await reached(records)
  await runner.milestone('closed')
  const { results } = await readOutput(cluster, sink.outputTopic, 'filter-map', signal)
  return {
    heldMs: released - begun,
    rssFirstHalfMb,
    rssSecondHalfMb,
    recordsPerSecondBefore: ((quarter.committed - warm.committed) / (quarter.at - warm.at)) * 1000,
    recordsPerSecondAfter: ((records - atEnd) / (done.at - released)) * 1000,
    committedInStall: atEnd - atStall,
    difference: difference(expectedOutput(sink), results),
  }
}

/** What the workload `filter-map` makes of the input. */
function expectedOutput({ records, recordAt }: StalledSink): PartitionResult[] {
  const digests = Array.from({ length: PARTITIONS }, () => outputDigest('filter-map'))
  for (let index = 0; index < records; index++) {
    const { key, value, partition } = recordAt(index, records)
    const { id, amount, type } = JSON.parse(value.toString()) as Event
    if (type !== KEPT_TYPE) continue
    const entry = Buffer.concat([key, Buffer.from(JSON.stringify({ id, amount }))])
    digests[partition]!.add(entry, 0, key.length, key.length, entry.length)
  }
  return digests.map((digest) => digest.result())
}
