import { randomBytes } from 'node:crypto'
import { ErrorCode } from '../../src/kafka/protocol/error-codes.js'
import { KafkaProtocolError } from '../../src/kafka/protocol/kafka-protocol-error.js'
import { WireReader } from '../../src/kafka/protocol/wire-reader.js'
import { WireWriter } from '../../src/kafka/protocol/wire-writer.js'
import type {
  ApiCall,
  BrokerCapabilities,
  BrokerTransport,
  Channel,
  TopicMetadata,
} from '../../src/kafka/transport/broker-transport.js'
import { BrokerConnectionError } from '../../src/kafka/transport/transport-error.js'
import { SimulatedLog } from './simulated-log.js'

const FETCH = 1
const LIST_OFFSETS = 2
/** In the place of the name of a topic whose id nobody knows. */
const UNKNOWN = ''

interface Target {
  readonly topic: string
  readonly topicId: string
  readonly partition: number
  readonly offset: number
  readonly maxBytes: number
}

/** A fetch as the cluster saw it. */
export interface SeenFetch {
  readonly node: number
  readonly channel: Channel
  readonly targets: readonly Target[]
}

/**
 * A cluster in memory behind the transport's port: requests are encoded, read, executed on logs, answered in bytes
 * and decoded. Fetches without news wait until there is news, or `maxWaitMs` have passed.
 */
export class SimulatedCluster implements BrokerTransport {
  readonly fetches: SeenFetch[] = []
  /** For how long answers to fetches put the client off. */
  throttleMs = 0
  /** Rejects a request before (`lost-request`) or after (`lost-response`) it was executed. */
  fault: () => 'lost-request' | 'lost-response' | undefined = () => undefined
  private readonly logs = new Map<string, SimulatedLog[]>()
  private readonly ids = new Map<string, string>()
  private readonly knownLeaders = new Map<string, number>()
  private readonly waiting = new Set<() => void>()

  /** Creates a topic, or replaces it. */
  create(topic: string, partitions: number): SimulatedLog[] {
    const logs = Array.from({ length: partitions }, () => new SimulatedLog())
    this.logs.set(topic, logs)
    this.ids.set(topic, randomBytes(16).toString('hex'))
    return logs
  }

  drop(topic: string): void {
    this.logs.delete(topic)
    this.news()
  }

  /** Makes node 2 lead what node 1 led, and the other way around. */
  moveLeaders(topic: string): void {
    for (const log of this.logs.get(topic) ?? []) log.leader = 3 - log.leader
    this.news()
  }

  /** Lets waiting fetches look again. */
  news(): void {
    for (const release of this.waiting) release()
  }

  async request<Response>(node: number, channel: Channel, call: ApiCall<Response>): Promise<Response> {
    const writer = new WireWriter()
    call.encode(writer)
    const request = new WireReader(writer.copy())
    await new Promise(setImmediate)
    const fault = this.fault()
    if (fault === 'lost-request') throw new BrokerConnectionError('simulated: the request was lost')
    const response =
      call.apiKey === FETCH ? await this.fetch(node, channel, request) : this.list(node, request)
    if (fault === 'lost-response') throw new BrokerConnectionError('simulated: the response was lost')
    assertKnown(call.apiKey)
    return call.decode(new WireReader(response))
  }

  async leaderOf(topic: string, partition: number): Promise<number> {
    const key = `${topic}-${partition}`
    const known = this.knownLeaders.get(key)
    if (known !== undefined) return known
    const log = this.logs.get(topic)?.[partition]
    if (log === undefined) {
      throw new KafkaProtocolError(ErrorCode.UNKNOWN_TOPIC_OR_PARTITION, 'Metadata', { topic, partition })
    }
    this.knownLeaders.set(key, log.leader)
    return log.leader
  }

  async topicIdOf(topic: string): Promise<string> {
    return this.ids.get(topic)!
  }

  forgetLeaders(topic?: string): void {
    for (const key of this.knownLeaders.keys()) {
      if (topic === undefined || key.startsWith(`${topic}-`)) this.knownLeaders.delete(key)
    }
  }

  private async fetch(node: number, channel: Channel, request: WireReader): Promise<Buffer> {
    const { targets, maxBytes, maxWaitMs } = readFetch(request, (topicId) => this.topicWithId(topicId))
    this.fetches.push({ node, channel, targets })
    const deadline = performance.now() + maxWaitMs
    while (!targets.some((target) => this.hasNews(node, target)) && performance.now() < deadline) {
      await this.newsOr(deadline)
    }
    return this.fetchResponse(node, targets, maxBytes)
  }

  private topicWithId(topicId: string): string | undefined {
    return [...this.ids].find(([, id]) => id === topicId)?.[0]
  }

  /** Resolves at the next news, or at the deadline. */
  private newsOr(deadline: number): Promise<void> {
    return new Promise((resolve) => {
      const release = (): void => {
        this.waiting.delete(release)
        clearTimeout(timer)
        resolve()
      }
      const timer = setTimeout(release, deadline - performance.now())
      this.waiting.add(release)
    })
  }

  private codeFor(node: number, { topic, topicId, partition, offset }: Target): number {
    if (this.ids.get(topic) !== topicId) return ErrorCode.UNKNOWN_TOPIC_ID
    const log = this.logs.get(topic)?.[partition]
    if (log === undefined) return ErrorCode.UNKNOWN_TOPIC_OR_PARTITION
    if (log.leader !== node) return ErrorCode.NOT_LEADER_OR_FOLLOWER
    const outside = offset < log.startOffset || offset > log.endOffset
    return outside || log.confusedFetches > 0 ? ErrorCode.OFFSET_OUT_OF_RANGE : ErrorCode.NONE
  }

  private hasNews(node: number, target: Target): boolean {
    if (this.codeFor(node, target) !== ErrorCode.NONE) return true
    return this.logs.get(target.topic)![target.partition]!.endOffset > target.offset
  }

  private fetchResponse(node: number, targets: readonly Target[], maxBytes: number): Buffer {
    const writer = new WireWriter()
    let room = maxBytes
    let empty = true
    writer.writeInt32(this.throttleMs)
    writer.writeInt16(0)
    writer.writeInt32(0)
    writer.writeCompactArray(targets, (target) => {
      const { topic, partition, offset } = target
      const code = this.codeFor(node, target)
      const log = this.logs.get(topic)?.[partition]
      if (code === ErrorCode.OFFSET_OUT_OF_RANGE && log!.confusedFetches > 0) log!.confusedFetches--
      const records =
        code === ErrorCode.NONE ? log!.read(offset, Math.min(room, target.maxBytes), empty) : Buffer.alloc(0)
      if (records.length > 0) empty = false
      room = Math.max(0, room - records.length)
      writer.writeUuid(target.topicId)
      writer.writeCompactArray([target], () => {
        writer.writeInt32(partition)
        writer.writeInt16(code)
        writer.writeInt64(code === ErrorCode.NONE ? log!.endOffset : -1)
        writer.writeInt64(code === ErrorCode.NONE ? log!.endOffset : -1)
        writer.writeInt64(code === ErrorCode.NONE ? log!.startOffset : -1)
        writer.writeUnsignedVarint(0)
        writer.writeInt32(-1)
        writer.writeCompactByteArray(records)
        writer.writeNoTaggedFields()
      })
      writer.writeNoTaggedFields()
    })
    writer.writeNoTaggedFields()
    return writer.copy()
  }

  private list(node: number, request: WireReader): Buffer {
    request.readInt32()
    request.readInt8()
    const asked = request.readCompactArray(() => {
      const topic = request.readCompactString()!
      const partitions = request.readCompactArray(() => {
        const partition = request.readInt32()
        request.readInt32()
        const timestamp = request.readInt64()
        request.skipTaggedFields()
        return { topic, partition, timestamp }
      })
      request.skipTaggedFields()
      return partitions
    })
    const writer = new WireWriter()
    writer.writeInt32(0)
    writer.writeCompactArray(asked.flat(), ({ topic, partition, timestamp }) => {
      const log = this.logs.get(topic)?.[partition]
      writer.writeCompactString(topic)
      writer.writeCompactArray([partition], () => {
        writer.writeInt32(partition)
        const code = log?.leader === node ? ErrorCode.NONE : ErrorCode.NOT_LEADER_OR_FOLLOWER
        writer.writeInt16(code)
        writer.writeInt64(-1)
        writer.writeInt64((timestamp === -1 ? log?.endOffset : log?.startOffset) ?? -1)
        writer.writeInt32(0)
        writer.writeNoTaggedFields()
      })
      writer.writeNoTaggedFields()
    })
    writer.writeNoTaggedFields()
    return writer.copy()
  }

  metadata(): Promise<readonly TopicMetadata[]> {
    return notSimulated()
  }

  coordinator(): Promise<number> {
    return notSimulated()
  }

  forgetCoordinator(): void {}

  async anyNode(): Promise<number> {
    return 1
  }

  capabilities(): Promise<BrokerCapabilities> {
    return notSimulated()
  }

  refreshCapabilities(): Promise<BrokerCapabilities> {
    return notSimulated()
  }

  async close(): Promise<void> {}
}

const notSimulated = (): never => {
  throw new Error('not simulated')
}

const assertKnown = (apiKey: number): void => {
  if (apiKey !== FETCH && apiKey !== LIST_OFFSETS) notSimulated()
}

const readFetch = (
  request: WireReader,
  topicWithId: (topicId: string) => string | undefined,
): { targets: Target[]; maxBytes: number; maxWaitMs: number } => {
  request.skip(4)
  const maxWaitMs = request.readInt32()
  request.skip(4)
  const maxBytes = request.readInt32()
  request.skip(9)
  const topics = request.readCompactArray(() => {
    const topicId = request.readUuid()
    const topic = topicWithId(topicId) ?? UNKNOWN
    const partitions = request.readCompactArray(() => {
      const partition = request.readInt32()
      request.skip(4)
      const offset = request.readInt64()
      request.skip(12)
      const partitionMaxBytes = request.readInt32()
      request.skipTaggedFields()
      return { topic, topicId, partition, offset, maxBytes: partitionMaxBytes }
    })
    request.skipTaggedFields()
    return partitions
  })
  return { targets: topics.flat(), maxBytes, maxWaitMs }
}
