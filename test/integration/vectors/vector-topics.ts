import { listOffsets } from '../../../src/kafka/consumer/list-offsets.js'
import { fetchCommittedOffsets } from '../../../src/kafka/group/committed-offsets.js'
import { Producer } from '../../../src/kafka/producer/producer.js'
import { RecordBatchBuilder } from '../../../src/kafka/records/record-batch-builder.js'
import { NO_HEADERS } from '../../../src/serdes/record-headers.js'
import { serialized } from '../../../src/testing/serialized.js'
import type { TopicClient } from '../../support/topic-client.js'
import { type PipeStep, serdeOf, type Vector, type VectorOutput } from '../../testing/vector.js'
import { asVector } from '../../testing/vector-differences.js'

const NOTHING = Buffer.alloc(0)

/** Log ends of a topic after each step. */
type EndsByStep = readonly ReadonlyMap<string, number>[]

const only = (topic: string) => ({ topic, partition: 0 })
const keyOf = (topic: string): string => `${topic}-0`

const nameIn = (prefix: string, topic: string): string => `${prefix}-${topic}`

/** The names on the broker of all topics of a vector, in a run of this prefix. */
export const topicNames = ({ inputTopics, outputTopics }: Vector, prefix: string): string[] =>
  [...new Set([...Object.keys(inputTopics), ...Object.keys(outputTopics)])].map((topic) =>
    nameIn(prefix, topic),
  )

/** The topics of a vector on the broker, one partition each, under names of their own. */
export class VectorTopics {
  private readonly producer: Producer

  constructor(
    private readonly client: TopicClient,
    private readonly vector: Vector,
    /** Names the run's topics. */
    private readonly prefix: string,
  ) {
    this.producer = new Producer(client.transport)
  }

  /** The name on the broker. */
  readonly named = (topic: string): string => nameIn(this.prefix, topic)

  open(): Promise<void> {
    return this.producer.init()
  }

  close(): void {
    this.producer.close()
  }

  /** Writes the record of a step; resolves when it is in the log. */
  async pipe({ topic, key, value, valueHex, ts, headers = [] }: PipeStep): Promise<void> {
    const types = this.vector.inputTopics[topic]!
    const keyBytes = serialized(serdeOf(types.key), key)
    const valueBytes = valueHex === undefined ? serialized(serdeOf(types.value), value) : Buffer.from(valueHex, 'hex')
    const builder = new RecordBatchBuilder()
    builder.appendBytes(
      ts,
      keyBytes ?? NOTHING,
      0,
      keyBytes?.length ?? -1,
      valueBytes ?? NOTHING,
      0,
      valueBytes?.length ?? -1,
      headers.length === 0 ? NO_HEADERS : headers.map(([name, text]) => ({ key: name, value: Buffer.from(text) })),
    )
    await this.producer.produce([{ ...only(this.named(topic)), builder }])
  }

  /** Whether a group has committed all that is in the topics that it reads. */
  async drainedBy(group: string, topics: readonly string[]): Promise<boolean> {
    const { transport } = this.client
    // First what is committed: what that has caused is in the logs whose ends are asked for then.
    const committed = await fetchCommittedOffsets(transport, group, topics.map(only), { requireStable: true })
    const ends = await listOffsets(transport, topics.map(only), 'latest', 'read_uncommitted')
    return topics.every((topic) => (committed.get(keyOf(topic))?.offset ?? 0) >= ends.get(keyOf(topic))!)
  }

  /** The ends of the outputs. */
  outputEnds(): Promise<ReadonlyMap<string, number>> {
    const outputs = Object.keys(this.vector.outputTopics).map((topic) => only(this.named(topic)))
    return listOffsets(this.client.transport, outputs, 'latest', 'read_uncommitted')
  }

  /** What is in the outputs, each record with the step after which it was there first. */
  async read(endsByStep: EndsByStep): Promise<Record<string, VectorOutput[]>> {
    const outputs: Record<string, VectorOutput[]> = {}
    for (const topic of Object.keys(this.vector.outputTopics)) {
      outputs[topic] = await this.readTopic(topic, endsByStep)
    }
    return outputs
  }

  private async readTopic(topic: string, endsByStep: EndsByStep): Promise<VectorOutput[]> {
    const { key, value } = this.vector.outputTopics[topic]!
    const [keySerde, valueSerde] = [serdeOf(key), serdeOf(value)]
    const name = this.named(topic)
    const records: VectorOutput[] = []
    await this.client.visit(name, 'read_committed', (record) => {
      const { buffer, keyStart, keyEnd, valueStart, valueEnd, timestamp, headers, offset } = record
      const stepIndex = endsByStep.findIndex((ends) => offset < ends.get(keyOf(name))!)
      records.push(
        asVector(
          {
            key: keyEnd < 0 ? null : keySerde.deserialize(buffer, keyStart, keyEnd),
            value: valueEnd < 0 ? null : valueSerde.deserialize(buffer, valueStart, valueEnd),
            timestamp,
            headers: headers.map(({ key: header, value: bytes }) => ({ key: header, value: bytes && Buffer.from(bytes) })),
          },
          stepIndex,
        ),
      )
    })
    return records
  }
}
