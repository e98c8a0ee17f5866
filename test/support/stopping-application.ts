/**
 * An application of one client that counts, and stops its own process (SIGSTOP) in the middle of a slice, when it
 * comes to a value for the first time. Prints `{ "stops": true }` then, and its warnings, a line of JSON each; closes
 * on SIGTERM. Run as a process: node stopping-application.js <JSON of a StoppingApplication>
 */
import { writeSync } from 'node:fs'
import { KafkaStreams, type KafkaStreamsOptions } from '../../src/index.js'
import { countingTopology } from './counting.js'

export interface StoppingApplication {
  readonly options: KafkaStreamsOptions
  readonly input: string
  readonly output: string
  readonly stopsAt: string
}

const { options, input, output, stopsAt } = JSON.parse(process.argv[2]!) as StoppingApplication
const print = (line: object): number => writeSync(1, `${JSON.stringify(line)}\n`)
let stopped = false

const topology = countingTopology(input, output, (value) => {
  if (value !== stopsAt || stopped) return
  stopped = true
  print({ stops: true })
  process.kill(process.pid, 'SIGSTOP')
})

const streams = new KafkaStreams(topology, options)
streams.on('warning', (error) => {
  const { name, code, message, help } = error as Error & { code?: string; help?: string }
  print({ warning: { name, code, message, help } })
})
process.once('SIGTERM', () => void streams.close())
await streams.start()
