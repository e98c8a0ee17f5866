/**
 * An application of one client that kills itself, with SIGKILL, when the commit of an epoch comes to a step for the
 * n-th time, if that is asked for, and closes on SIGTERM. Run as a process: node killed-application.js <JSON of a KilledApplication>
 */
import { KafkaStreams, type KafkaStreamsOptions } from '../../src/index.js'
import { Producer } from '../../src/kafka/producer/producer.js'
import { askingTopology } from './asking.js'
import { countingTopology, keysAndWindowsTopology } from './counting.js'

/** Before which step: offsets are added, the transaction is committed, state is written. */
export type KillPoint = 'produced' | 'offsets-added' | 'committed'

export interface KilledApplication {
  readonly options: KafkaStreamsOptions
  readonly input: string
  readonly output: string
  readonly before?: KillPoint
  readonly commit?: number
  /** Whether it counts by key and window as well. */
  readonly windows?: boolean
  /** Whether it asks about records instead. */
  readonly asks?: boolean
}

const { options, input, output, before, commit, windows, asks } = JSON.parse(
  process.argv[2]!,
) as KilledApplication

/** The n-th call of a method is the last thing that this process does. */
function killAt<Method extends string>(
  prototype: Record<Method, (...args: never[]) => unknown>,
  name: Method,
): void {
  const original = prototype[name]
  let calls = 0
  prototype[name] = function (this: unknown, ...args: never[]): unknown {
    if (++calls === commit) process.kill(process.pid, 'SIGKILL')
    return original.apply(this, args)
  }
}

/** The n-th transaction is committed, and no task has begun to write: each would write for itself. */
function killAfterCommit(): void {
  const original = Producer.prototype.commit
  let calls = 0
  Producer.prototype.commit = async function (this: Producer): Promise<void> {
    await original.call(this)
    if (++calls === commit) process.kill(process.pid, 'SIGKILL')
  }
}

if (before === 'produced') killAt<'sendOffsets'>(Producer.prototype, 'sendOffsets')
if (before === 'offsets-added') killAt<'commit'>(Producer.prototype, 'commit')
if (before === 'committed') killAfterCommit()

const counts = windows ? keysAndWindowsTopology : countingTopology
const topology = asks ? askingTopology(input, output) : counts(input, output)
const streams = new KafkaStreams(topology, options)
process.once('SIGTERM', () => void streams.close())
await streams.start()
