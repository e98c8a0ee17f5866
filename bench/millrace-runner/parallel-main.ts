import { KafkaStreams } from 'millrace'
import type { ParallelArguments } from '../parallel/parallel-run.js'
import { reportFailure } from './runner-events.js'

/** Runs a workload in so many threads, for as long as its standard input lasts. */
async function run(argument: ParallelArguments): Promise<void> {
  const topology = new URL('./parallel-topology.js', import.meta.url)
  topology.searchParams.set('workload', argument.workload)
  topology.searchParams.set('input', argument.inputTopic)
  topology.searchParams.set('output', argument.outputTopic)
  const streams = await KafkaStreams.fromModule(topology, {
    applicationId: argument.applicationId,
    brokers: argument.brokers.split(','),
    stateDir: argument.stateDir,
    threads: argument.threads,
  })
  streams.on('error', reportFailure)
  await streams.start()
}

process.stdin.resume().once('end', () => process.exit())
run(JSON.parse(process.argv[2]!)).catch((error: unknown) => {
  reportFailure(error)
  process.exit(1)
})
