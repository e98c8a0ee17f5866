import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as delay } from 'node:timers/promises'
import { KafkaStreams, Watermarks } from 'millrace'
import type { RunnerArguments } from '../runner-protocol.js'
import { startingClock } from './first-record-serde.js'
import { report, reportFailure } from './runner-events.js'
import { workloadTopology } from './workload-topology.js'

const POLL_MS = 10
const LOOP_DELAY_RESOLUTION_MS = 1

/**
 * Runs one workload in Millrace: all records of its inputs, then closes, which flushes and commits. The process stays
 * until its standard input ends, so that the harness can read its account, and ends whenever that does.
 */
async function run(argument: RunnerArguments): Promise<void> {
  const { workload, inputTopic, outputTopic, records, disorderMs = null } = argument
  const loopDelay = monitorEventLoopDelay({ resolution: LOOP_DELAY_RESOLUTION_MS })
  const topology = workloadTopology(
    workload,
    inputTopic,
    outputTopic,
    startingClock(() => loopDelay.enable()),
    disorderMs === null ? undefined : Watermarks.boundedOutOfOrderness(disorderMs),
  )
  const streams = new KafkaStreams(topology, {
    applicationId: argument.applicationId,
    brokers: argument.brokers.split(','),
    stateDir: argument.stateDir,
    processingGuarantee: argument.guarantee,
    ...(argument.commitIntervalMs === null ? {} : { commitInterval: argument.commitIntervalMs }),
  })
  await streams.start()
  await processed(streams, records / 2)
  report('half', streams.metrics().recordsProcessed)
  await processed(streams, records)
  report('processed', streams.metrics().recordsProcessed, { loopDelayP99Ms: loopDelay.percentile(99) / 1e6 })
  await streams.close()
  report('closed', records)
}

async function processed(streams: KafkaStreams, records: number): Promise<void> {
  while (streams.metrics().recordsProcessed < records) await delay(POLL_MS)
}

process.stdin.resume().once('end', () => process.exit())
run(JSON.parse(process.argv[2]!)).catch((error: unknown) => {
  reportFailure(error)
  process.exit(1)
})
