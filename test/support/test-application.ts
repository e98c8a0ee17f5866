import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { KafkaStreams, type KafkaStreamsOptions, type Topology } from '../../src/index.js'
import { listOffsets } from '../../src/kafka/consumer/list-offsets.js'
import {
  type CommittedOffset,
  commitOffsets,
  fetchCommittedOffsets,
} from '../../src/kafka/group/committed-offsets.js'
import { testBroker } from './broker.js'
import { allCommitted, isWritten } from './processed-all.js'
import { TopicClient } from './topic-client.js'
import { uniqueName } from './unique-name.js'
import { until } from './until.js'

type TestOptions = Partial<KafkaStreamsOptions>

/** An application of a test: topics, state directories and clients of its own, all released at the end. */
export class TestApplication implements AsyncDisposable {
  readonly applicationId = uniqueName('app')
  readonly client: TopicClient
  /** Clients that have been stopped by an error. */
  readonly failures: Error[] = []
  private readonly clients: KafkaStreams[] = []

  private constructor(
    readonly brokers: readonly string[],
    /** Everything on disk, one state directory a client. */
    readonly directory: string,
    /** Options of every client, unless it says otherwise. */
    private readonly defaults: TestOptions,
  ) {
    this.client = new TopicClient(brokers)
  }

  /** @param brokers default: the tests' broker */
  static async create(defaults: TestOptions = {}, brokers?: readonly string[]): Promise<TestApplication> {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-test-'))
    return new TestApplication(brokers ?? (await testBroker()).brokers, directory, defaults)
  }

  /** Creates a topic and gives its name. */
  async topic(name: string, partitions: number, configs: Record<string, string> = {}): Promise<string> {
    const topic = uniqueName(name)
    await this.client.create(topic, partitions, configs)
    return topic
  }

  internalTopic(name: string): string {
    return `${this.applicationId}-${name}`
  }

  /** The options of a client; each process of an application has a state directory of its own. */
  options(options: TestOptions = {}, process = 'one'): KafkaStreamsOptions {
    const { applicationId, brokers } = this
    return { applicationId, brokers, stateDir: join(this.directory, process), ...this.defaults, ...options }
  }

  /** A client, not started. */
  streams(
    topology: Topology,
    options: TestOptions = {},
    process?: string,
    wallClock?: () => number,
  ): KafkaStreams {
    return this.keep(new KafkaStreams(topology, this.options(options, process), wallClock))
  }

  async started(topology: Topology, options: TestOptions = {}, process?: string): Promise<KafkaStreams> {
    const streams = this.streams(topology, options, process)
    await streams.start()
    return streams
  }

  /** Releases a client at the end, and takes note of its failure. */
  keep(streams: KafkaStreams): KafkaStreams {
    streams.on('error', (error) => this.failures.push(error))
    this.clients.push(streams)
    return streams
  }

  /** Waits until something holds; rejects with the error that stops a client meanwhile. */
  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    await until(what, () => {
      if (this.failures.length > 0) throw this.failures[0]
      return holds()
    })
  }

  /**
   * Waits until the group has committed all that is in these topics, one after the other, and the clients of this process
   * have written it to their stores (which follows the commit that others see: docs/commit.md).
   */
  async committed(...topics: readonly string[]): Promise<void> {
    for (const topic of topics) {
      await this.until(`${topic} is committed`, () => allCommitted(this.client, this.applicationId, [topic]))
    }
    const running = this.clients.filter(({ state }) => state === 'running' || state === 'rebalancing')
    await this.until('the stores have what is committed', () => running.every(isWritten))
  }

  /** The committed offsets of a topic, by partition. */
  async committedOffsets(topic: string): Promise<(CommittedOffset | undefined)[]> {
    const [metadata] = await this.client.transport.metadata([topic])
    const partitions = metadata!.partitions.map(({ partition }) => ({ topic, partition }))
    const offsets = await fetchCommittedOffsets(this.client.transport, this.applicationId, partitions, {
      requireStable: true,
    })
    return partitions.map(({ partition }) => offsets.get(`${topic}-${partition}`))
  }

  /** Has the group, which nobody is in, go on from other offsets; what was committed beside them is gone. */
  async resetOffsets(topic: string, offsets: readonly number[]): Promise<void> {
    const nobody = { groupId: this.applicationId, generationId: -1, memberId: '' }
    const committed = offsets.map((offset, partition) => ({ topic, partition, offset }))
    await commitOffsets(this.client.transport, nobody, committed)
  }

  /** Forgets all that the application has kept: its group, its internal topics and the state of a process. */
  async reset(internalTopics: readonly string[], process?: string): Promise<void> {
    const { admin } = this.client
    await admin.deleteGroup(this.applicationId)
    await admin.deleteTopics(internalTopics.map((name) => this.internalTopic(name)))
    await this.deleteState(process)
    this.failures.length = 0
  }

  /** Log starts, or ends, of a topic by partition; `stable`: the end of what open transactions leave to be read. */
  async offsets(topic: string, at: 'earliest' | 'latest' | 'stable'): Promise<number[]> {
    const [metadata] = await this.client.transport.metadata([topic])
    const partitions = metadata!.partitions.map(({ partition }) => ({ topic, partition }))
    const isolation = at === 'stable' ? 'read_committed' : 'read_uncommitted'
    const time = at === 'earliest' ? 'earliest' : 'latest'
    const offsets = await listOffsets(this.client.transport, partitions, time, isolation)
    return partitions.map(({ partition }) => offsets.get(`${topic}-${partition}`)!)
  }

  /** The values of each key in a topic, in order. */
  async valuesByKey(topic: string): Promise<Map<string, string[]>> {
    const values = new Map<string, string[]>()
    for (const { key, value } of await this.client.read(topic)) {
      const present = values.get(key!)
      if (present === undefined) values.set(key!, [value!])
      else present.push(value!)
    }
    return values
  }

  async deleteState(process = 'one'): Promise<void> {
    await rm(join(this.directory, process), { recursive: true })
  }

  async deleteTask(taskId: string, process = 'one'): Promise<void> {
    await rm(join(this.directory, process, this.applicationId, 'tasks', taskId), { recursive: true })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.allSettled(this.clients.map((streams) => streams.close({ timeoutMs: 10_000 })))
    await this.client[Symbol.asyncDispose]()
    await rm(this.directory, { recursive: true, force: true })
  }
}

/** The names of the warnings that a client gives from now on. */
export function warningsOf(streams: KafkaStreams): string[] {
  const warnings: string[] = []
  streams.on('warning', ({ name }) => warnings.push(name))
  return warnings
}
