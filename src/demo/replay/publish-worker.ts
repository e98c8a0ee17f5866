/** Thread that reads recorded events, and publishes them when it is told where. */
import { parentPort, workerData } from 'node:worker_threads'
import { listOffsets } from '../../kafka/consumer/list-offsets.js'
import { Producer } from '../../kafka/producer/producer.js'
import { topicPartitionKey } from '../../kafka/topic-partition.js'
import { KafkaJsTransport } from '../../kafka/transport/kafkajs-transport.js'
import { openUses, topicSerdeUses } from '../../runtime/serde-uses.js'
import { string } from '../../serdes/string.js'
import type { DemoDescription, InputEncoding } from '../demo.js'
import type { Speed } from './pace.js'
import { Publisher } from './publisher.js'
import { replayInput } from './replay-inputs.js'
import type { ReplaySource } from './replay-source.js'
import type { SampleRecord } from './sample-records.js'

export interface PublishTask {
  readonly input: string | readonly SampleRecord[]
  /** URL of the module that says how they are published: serdes do not go to a thread. */
  readonly module: string
  readonly speed: Speed
  readonly limit: number | undefined
}

/** To the thread: begin, on these brokers; or stop, as soon as what was begun is acknowledged. */
export type PublishCommand = { readonly begin: readonly string[] } | 'stop'

/** From the thread: how many records the topics hold. */
export interface PublishReport {
  readonly published: number
}

const REPORT_INTERVAL_MS = 250

const endOffsets = async (transport: KafkaJsTransport, source: ReplaySource): Promise<number[]> => {
  const { places } = source
  const ends = await listOffsets(transport, places, 'latest', 'read_uncommitted')
  return places.map(({ topic, partition }) => ends.get(topicPartitionKey(topic, partition))!)
}

/** How what is published is written, ready to be. */
const openedEncoding = async (module: string, signal: AbortSignal): Promise<InputEncoding | undefined> => {
  const { inputAs } = ((await import(module)) as { demo: DemoDescription }).demo
  if (inputAs === undefined) return undefined
  const { topic, value } = inputAs
  await openUses(topicSerdeUses(string(), value, { topic, access: 'write' }), { signal })
  return inputAs
}

const publish = async (
  source: ReplaySource,
  brokers: readonly string[],
  stop: AbortSignal,
): Promise<void> => {
  const { speed, limit } = workerData as PublishTask
  const transport = new KafkaJsTransport({ brokers, clientId: 'millrace-publisher' })
  try {
    const producer = new Producer(transport)
    await producer.init()
    const publisher = new Publisher(source, producer, await endOffsets(transport, source), { speed, limit })
    const report = (): void =>
      parentPort!.postMessage({ published: publisher.published } satisfies PublishReport)
    const reporting = setInterval(report, REPORT_INTERVAL_MS)
    try {
      await publisher.run(stop)
    } finally {
      clearInterval(reporting)
      producer.close()
    }
    report()
  } finally {
    await transport.close()
  }
}

const stopped = new AbortController()
const begun = new Promise<readonly string[] | undefined>((resolve) => {
  parentPort!.on('message', (command: PublishCommand) => {
    if (command === 'stop') {
      stopped.abort()
      resolve(undefined)
    } else {
      resolve(command.begin)
    }
  })
})
const { input, module } = workerData as PublishTask
const source = await replayInput(input, await openedEncoding(module, stopped.signal)).read()
const brokers = await begun
if (brokers !== undefined) await publish(source, brokers, stopped.signal)
parentPort!.close()
