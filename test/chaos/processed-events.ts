import { InputCompletion } from '../../src/demo/input-completion.js'
import { KafkaStreams } from '../../src/index.js'
import { processedAll } from '../support/processed-all.js'
import type { TextRecord, TopicClient } from '../support/topic-client.js'
import { until } from '../support/until.js'
import { APPLICATION } from './application.js'
import { type LocalStore, localStoresOf } from './local-stores.js'
import { SeededRandom } from './seeded-random.js'
import { repartitionsOf, type Workload } from './workload.js'

/** Events of a workload from one number to another, each topic's in order. */
export function eventsBetween(
  workload: Workload,
  from: number,
  to: number,
  millisPerEvent: number,
): Map<string, TextRecord[]> {
  const events = workload.events(new SeededRandom(1))
  const records = new Map<string, TextRecord[]>(workload.inputs.map((topic) => [topic, []]))
  for (let at = 0; at < to; at++) {
    const { topic, key, value, delay = 0 } = events.next()
    if (at < from) continue
    const timestamp = 1_000_000 + Math.floor(at * millisPerEvent) - delay
    records.get(topic)!.push({ key, value: value && JSON.stringify(value), timestamp })
  }
  return records
}

/** Records by topic. */
export type Events = ReadonlyMap<string, readonly TextRecord[]>

/** So many events in parts of a size. @param part from the number of its first event */
export const inParts = (
  events: number,
  perPart: number,
  part: (from: number) => Events,
): readonly [Events, ...Events[]] => [
  part(0),
  ...Array.from({ length: events / perPart - 1 }, (_, at) => part((at + 1) * perPart)),
]

/**
 * Runs a workload over events, to the end of event time; gives the stores that are left.
 *
 * @param parts are published one when the one before is processed: event time has come so far then, everywhere
 */
export async function processed(
  workload: Workload,
  client: TopicClient,
  stateDir: string,
  [first, ...others]: readonly [Events, ...Events[]],
): Promise<LocalStore[]> {
  const publish = async (events: Events): Promise<void> => {
    for (const [topic, records] of events) await client.write(topic, records)
  }
  await publish(first)
  const { brokers, transport, admin } = client
  const topology = workload.topology()
  const options = { applicationId: APPLICATION, brokers, stateDir, cacheMaxBytes: 0, emitInterval: 0 }
  const streams = new KafkaStreams(topology, options)
  await streams.start()
  const topics = [...workload.inputs, ...repartitionsOf(workload)]
  await processedAll(client, streams, topics)
  for (const part of others) {
    await publish(part)
    await processedAll(client, streams, topics)
  }
  streams.drain()
  const input = { topics: workload.inputs, records: 0 }
  const completion = new InputCompletion(transport, admin, topology, APPLICATION, input)
  await until('event time has ended', () => completion.drained())
  await streams.close()
  return localStoresOf(workload, 'worker', stateDir)
}

/** Takes the first results of a partition away. */
export async function lose(client: TopicClient, topic: string, count: number): Promise<void> {
  const results = (await client.read(topic)).filter(({ partition }) => partition === 0)
  await client.admin.deleteRecords([{ topic, partition: 0, offset: results[count]!.offset }])
}
