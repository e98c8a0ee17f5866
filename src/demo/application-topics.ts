import type { Admin, TopicDefinition } from '../kafka/admin/admin.js'
import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import type { DemoDescription } from './demo.js'
import type { ReplayInput } from './replay/replay-inputs.js'

/** Recorded events and their results are older than any retention by the broker's clock. */
const KEPT = { 'retention.ms': '-1' } as const
const COMPACTED = { 'cleanup.policy': 'compact' } as const
const INTERNAL = /-(changelog|repartition)$/

/** A topic exists in another shape than the application needs. */
export class TopicShapeError extends Error {
  override readonly name = 'TopicShapeError'

  constructor(topic: string, present: number, needed: number) {
    super(`topic ${topic} has ${present} partitions, ${needed} are needed: delete it, or start with --fresh`)
  }
}

const outputsOf = ({ results, otherOutputs = [] }: DemoDescription): readonly string[] => [
  results.topic,
  ...otherOutputs,
]

/** Creates the topics that the application reads and writes, where they are not there. */
export const createTopics = async (
  admin: Admin,
  demo: DemoDescription,
  input: ReplayInput,
): Promise<void> => {
  const wanted: (TopicDefinition & { readonly partitions: number })[] = [
    ...[...input.topics, ...outputsOf(demo)].map((topic) => ({
      topic,
      partitions: input.partitions,
      configs: topic === demo.results.topic && demo.results.compacted === true ? COMPACTED : KEPT,
    })),
  ]
  const present = await admin.describeTopics(wanted.map(({ topic }) => topic))
  for (const { topic, partitions } of wanted) {
    const count = present.get(topic)?.partitions.length
    if (count !== undefined && count !== partitions) throw new TopicShapeError(topic, count, partitions)
  }
  await admin.createTopics(wanted.filter(({ topic }) => !present.has(topic)))
}

/** Those topics of the application that exist: what it reads, what it writes, its internal ones. */
export const existingTopics = async (
  transport: BrokerTransport,
  demo: DemoDescription,
  input: ReplayInput,
): Promise<string[]> => {
  const all = (await transport.metadata()).map(({ topic }) => topic)
  const own = new Set([...input.topics, ...outputsOf(demo)])
  const prefix = `${demo.applicationId}-`
  return all.filter((topic) => own.has(topic) || (topic.startsWith(prefix) && INTERNAL.test(topic)))
}
