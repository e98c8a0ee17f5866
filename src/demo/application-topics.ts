import type { Admin, TopicDefinition } from '../kafka/admin/admin.js'
import type { DemoDescription } from './demo.js'
import type { ReplayInput } from './replay/replay-inputs.js'

/** Recorded events and their results are older than any retention by the broker's clock. */
const KEPT = { 'retention.ms': '-1' } as const
const COMPACTED = { 'cleanup.policy': 'compact' } as const

/** A topic exists in another shape than the application needs. */
export class TopicShapeError extends Error {
  override readonly name = 'TopicShapeError'

  constructor(topic: string, present: number, needed: number) {
    super(`topic ${topic} has ${present} partitions, ${needed} are needed: delete it, or start with --fresh`)
  }
}

/** The topics that it writes. */
export const outputsOf = ({ results, otherOutputs = [] }: DemoDescription): readonly string[] => [
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
