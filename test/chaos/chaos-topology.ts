/**
 * What the workers run: running totals per group, behind a repartition.
 *
 * Every event has a source and a number that counts the source's events. A source belongs to one group, and all of
 * its events are in one partition of the input, so they reach the group in order. An output record names the event
 * that it comes from. So in the output of a group each source's numbers must come one after the other, each once: a
 * gap is a loss, a number that comes again is a duplicate, and one that comes late is out of order. And each running
 * total must be the one before plus the event's amount.
 */
import { subscribe } from 'node:diagnostics_channel'
import { writeSync } from 'node:fs'
import { BroadcastChannel } from 'node:worker_threads'
import { json, StreamsBuilder, string } from '../../src/index.js'
import type { CommitStepMessage } from '../../src/runtime/commit-steps.js'
import { changelogTopic, internalTopicName } from '../../src/topology/sub-topology.js'

export const APPLICATION = 'chaos'
export const INPUT = 'chaos-input'
export const OUTPUT = 'chaos-output'
export const STORE = 'totals'
export const CHANGELOG = internalTopicName(APPLICATION, changelogTopic(STORE))
export const PARTITIONS = 4

/** Carries the name of a kill point to all threads of a process. */
export const KILL_ORDERS = 'chaos-kill-orders'

export interface ChaosEvent {
  readonly source: number
  readonly sequence: number
  readonly amount: number
}

export interface Totals {
  readonly count: number
  readonly sum: number
  /** The last event. */
  readonly source: number
  readonly sequence: number
}

export const SOURCES = 20_000
const GROUPS = 4_000

/** What an event adds to its group's sum: the verifier knows it from the event's source and number. */
export const amountOf = (source: number, sequence: number): number => (source * 31 + sequence * 17) % 1_000

export const sourceKey = (source: number): string => `source-${source}`
const groupKey = (source: number): string => `group-${source % GROUPS}`

const none: Totals = { count: 0, sum: 0, source: -1, sequence: -1 }

export default function chaosTopology() {
  const builder = new StreamsBuilder()
  builder
    .stream(INPUT, { key: string(), value: json<ChaosEvent>() })
    .groupBy((_, { source }) => groupKey(source), {
      key: string(),
      value: json<ChaosEvent>(),
      name: 'by-group',
    })
    .aggregate(
      () => none,
      (_, { source, sequence, amount }, { count, sum }) => ({
        count: count + 1,
        sum: sum + amount,
        source,
        sequence,
      }),
      { store: STORE, value: json<Totals>() },
    )
    .toStream()
    .to(OUTPUT, { key: string(), value: json<Totals>() })
  return builder.build()
}

/** Ends the process at the next commit that comes to the point that was ordered, such as `before offsets`. */
function obeyKillOrders(): void {
  let point: string | undefined
  const orders = new BroadcastChannel(KILL_ORDERS)
  orders.onmessage = ({ data }: { data: string }) => {
    point = data
  }
  orders.unref()
  subscribe('millrace:commit', (message) => {
    const { step, phase } = message as CommitStepMessage
    if (point !== `${phase} ${step}`) return
    writeSync(1, `${JSON.stringify({ killedAt: point })}\n`)
    process.kill(process.pid, 'SIGKILL')
  })
}

obeyKillOrders()
