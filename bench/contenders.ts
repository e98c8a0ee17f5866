import { compileOptions } from '../src/runtime/streams-config.js'
import { millraceCommand } from './millrace-command.js'
import { kafkaStreamsRunner } from './peers/kafka-streams/build.js'
import type { RunnerCommand } from './runner-process.js'

/** One side of the comparison, in one configuration. */
export interface Contender {
  readonly name: string
  readonly ours: boolean
  readonly command: RunnerCommand
  readonly cacheMaxBytes: number | null
}

const MIB = 1024 * 1024

/**
 * Millrace with its defaults against Kafka Streams with its own, and again with a record cache as large as the memory
 * that Millrace may use for state.
 */
export async function contenders(projectRoot: string): Promise<Contender[]> {
  const peer = await kafkaStreamsRunner(projectRoot, 'Runner')
  const stateMemory = compileOptions({ applicationId: 'bench', brokers: ['localhost:9092'] }).stateMaxBytes
  const millrace = millraceCommand()
  return [
    { name: 'millrace', ours: true, command: millrace, cacheMaxBytes: null },
    { name: 'kafka-streams', ours: false, command: peer, cacheMaxBytes: null },
    {
      name: `kafka-streams, cache ${stateMemory / MIB} MiB`,
      ours: false,
      command: peer,
      cacheMaxBytes: stateMemory,
    },
  ]
}
