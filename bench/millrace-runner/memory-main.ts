import { createInterface } from 'node:readline'
import { setTimeout as delay } from 'node:timers/promises'
import { KafkaStreams } from 'millrace'
import { Producer } from '../../src/kafka/producer/producer.js'
import type { MemoryArguments } from '../memory/memory-run.js'
import type { MemoryTopology } from '../memory/situations.js'
import type { Workload } from '../workloads.js'
import { MEMORY_TOPOLOGIES } from './memory-topologies.js'
import { report, reportFailure } from './runner-events.js'
import { workloadTopology } from './workload-topology.js'

const POLL_MS = 50
/** So many looks without progress: intake has stopped. */
const STILL_LOOKS = 20

/** Runs a workload with default options and tells when all is processed; what is to stall stalls until intake does. */
async function run(argument: MemoryArguments): Promise<void> {
  const { topology, inputTopic, outputTopic, records, stall } = argument
  const build = MEMORY_TOPOLOGIES[topology as MemoryTopology]
  const built = build?.(inputTopic) ?? workloadTopology(topology as Workload, inputTopic, outputTopic)
  const streams = new KafkaStreams(built, {
    applicationId: argument.applicationId,
    brokers: argument.brokers.split(','),
    stateDir: argument.stateDir,
  })
  // A broker that takes no output is told of, and waited out.
  streams.on('warning', stall === 'sink' ? console.error : reportFailure)
  const release = stallWithin(stall)
  await streams.start()
  if (release !== undefined) {
    const processed = await intakeStopped(streams)
    report('stalled', processed)
    release()
  }
  while (streams.metrics().lag !== 0) await delay(POLL_MS)
  report('processed', streams.metrics().recordsProcessed)
  await streams.close()
  report('closed', records)
}

/** Has something within the process stall, if it is to. @returns what ends that */
function stallWithin(stall: MemoryArguments['stall']): (() => void) | undefined {
  if (stall === 'commit') return stallAll('commit')
  return stall === 'output' ? stallAll('produce') : undefined
}

/** Holds every call of a producer's method back until the function that it returns is called. */
function stallAll(method: 'commit' | 'produce'): () => void {
  let release!: () => void
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  const prototype = Producer.prototype as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>
  const original = prototype[method]!
  prototype[method] = async function (...args): Promise<unknown> {
    await released
    return original.apply(this, args)
  }
  return release
}

async function intakeStopped(streams: KafkaStreams): Promise<number> {
  let last = 0
  for (let still = 0; still < STILL_LOOKS; await delay(POLL_MS)) {
    const { recordsProcessed } = streams.metrics()
    still = recordsProcessed === last && recordsProcessed > 0 ? still + 1 : 0
    last = recordsProcessed
  }
  return last
}

createInterface({ input: process.stdin }).once('close', () => process.exit())
run(JSON.parse(process.argv[2]!)).catch((error: unknown) => {
  reportFailure(error)
  process.exit(1)
})
