import { partitionFor } from '../kafka/records/partitioner.js'
import { RecordBatchBuilder } from '../kafka/records/record-batch-builder.js'
import { ByteWriter } from '../serdes/byte-writer.js'
import type { RecordHeaders } from '../serdes/record-headers.js'
import { NO_HEADERS } from '../serdes/record-headers.js'
import type { Serde } from '../serdes/serde.js'
import type { ChosenPartitions, StreamPartitioner } from '../topology/sub-topology.js'
import { StreamsError } from './streams-error.js'

/** A record batch on its way to a partition. */
export interface OutgoingBatch {
  readonly topic: string
  readonly partition: number
  readonly builder: RecordBatchBuilder
}

/** A record for a topic whose partitions are not known yet. */
interface DeferredRecord {
  readonly key: Buffer | null
  /** Where the part of the key ends that the partition goes by. */
  readonly partitionEnd: number
  readonly value: Buffer | null
  readonly timestamp: number
  readonly headers: RecordHeaders
  readonly choosePartition: ((partitionCount: number) => ChosenPartitions) | undefined
}

/** What the collector needs to know of the cluster. */
export interface TopicDirectory {
  /** Partitions of a topic where that is known, without asking anyone. */
  partitionCount(topic: string): number | undefined
  /** Finds out the partitions of a topic. Rejects if the topic does not exist. */
  lookUp(topic: string): Promise<number>
}

/** The output of one epoch, taken from the collector; goes back to it when it is sent. */
export interface CollectedOutput {
  /** What operators have sent. */
  readonly batches: OutgoingBatch[]
  readonly changelogs: OutgoingBatch[]
  readonly deferred: Map<string, DeferredRecord[]>
  readonly records: number
}

const NO_KEY = Buffer.alloc(0)

/**
 * Where the records that tasks send wait for the end of their epoch: serialized at once, straight into the
 * record batches that go over the wire.
 */
export class RecordCollector {
  private readonly outputs = new Map<string, TopicOutput>()
  private deferred = new Map<string, DeferredRecord[]>()
  private readonly keys = new ByteWriter(256)
  private readonly values = new ByteWriter(1024)
  private readonly pool: RecordBatchBuilder[] = []
  /** Bytes that wait here. */
  byteLength = 0
  /** Records of the open epoch. */
  records = 0

  /** @param resolveTopic gives the name in Kafka of a topic as the topology names it */
  constructor(
    private readonly directory: TopicDirectory,
    private readonly resolveTopic: (topic: string) => string,
  ) {}

  send<K, V>(
    topic: string,
    key: K | null,
    value: V | null,
    timestamp: number,
    headers: RecordHeaders,
    keySerde: Serde<K>,
    valueSerde: Serde<V>,
    partitioner: StreamPartitioner<K, V> | undefined,
  ): void {
    const output = this.outputs.get(topic) ?? this.open(topic)
    this.records++
    if (output === undefined) {
      this.defer(topic, key, value, timestamp, headers, keySerde, valueSerde, partitioner)
      return
    }
    const { keys } = this
    keys.reset()
    if (key !== null) keySerde.serialize(key, keys)
    const keyEnd = key === null ? -1 : keys.position
    const chosen =
      partitioner === undefined ? undefined : partitioner(topic, key as K, value as V, output.partitionCount)
    const partitionEnd = keyEnd - (keySerde.partitionSuffix ?? 0)
    if (typeof chosen === 'object') {
      for (const each of chosen) {
        const partition = this.partition(output, partitionEnd, each)
        this.write(output, partition, timestamp, keyEnd, value, valueSerde, headers)
      }
      return
    }
    const partition = this.partition(output, partitionEnd, chosen)
    this.write(output, partition, timestamp, keyEnd, value, valueSerde, headers)
  }

  /** Appends the record whose key is in `keys[0, keyEnd)`. */
  private write<V>(
    output: TopicOutput,
    partition: number,
    timestamp: number,
    keyEnd: number,
    value: V | null,
    valueSerde: Serde<V>,
    headers: RecordHeaders,
  ): void {
    const builder = output.builderFor(partition, this.pool)
    const before = builder.byteLength
    builder.append(timestamp, this.keys.buffer, 0, keyEnd, value, valueSerde, headers)
    this.byteLength += builder.byteLength - before
  }

  /**
   * Sends a record without key to every partition of a topic, if its partitions are known.
   *
   * @returns to how many
   */
  sendToAll(topic: string, value: Buffer, headers: RecordHeaders): number {
    const output = this.outputs.get(topic) ?? this.open(topic)
    if (output === undefined) return 0
    for (let partition = 0; partition < output.partitionCount; partition++) {
      const builder = output.builderFor(partition, this.pool)
      const before = builder.byteLength
      builder.appendBytes(0, NO_KEY, 0, -1, value, 0, value.length, headers)
      this.byteLength += builder.byteLength - before
    }
    return output.partitionCount
  }

  /** Appends a changelog record: the bytes are serialized already and the partition is the task's. */
  appendChangelog(
    topic: string,
    partition: number,
    key: Buffer,
    keyStart: number,
    keyEnd: number,
    value: Buffer,
    valueStart: number,
    valueEnd: number,
    timestamp: number,
  ): void {
    const output = this.outputs.get(topic) ?? this.open(topic, true)
    if (output === undefined) {
      throw new StreamsError(
        'UNKNOWN_TOPIC',
        `changelog topic ${topic} is not known: it was checked at start`,
      )
    }
    const builder = output.builderFor(partition, this.pool)
    const before = builder.byteLength
    builder.appendBytes(timestamp, key, keyStart, keyEnd, value, valueStart, valueEnd, NO_HEADERS)
    this.byteLength += builder.byteLength - before
  }

  /** Hands over all that was collected; what is sent from now on belongs to the next epoch. */
  take(): CollectedOutput {
    const batches: OutgoingBatch[] = []
    const changelogs: OutgoingBatch[] = []
    for (const output of this.outputs.values()) output.drainInto(output.isChangelog ? changelogs : batches)
    const taken = { batches, changelogs, deferred: this.deferred, records: this.records }
    this.deferred = new Map()
    this.byteLength = 0
    this.records = 0
    return taken
  }

  /** Puts the deferred records of a taken output into batches, now that their topics can be asked for. */
  async resolve(output: CollectedOutput): Promise<void> {
    for (const [topic, records] of output.deferred) {
      const resolved = this.resolveTopic(topic)
      const target = new TopicOutput(resolved, await this.directory.lookUp(resolved), false)
      for (const record of records) this.append(target, record)
      target.drainInto(output.batches)
    }
    output.deferred.clear()
  }

  /** Takes back the memory of output that is sent, or given up. */
  recycle(output: CollectedOutput): void {
    for (const batches of [output.batches, output.changelogs]) {
      for (const { builder } of batches) {
        builder.reset()
        this.pool.push(builder)
      }
    }
  }

  /** Forgets all that was collected. */
  discard(): void {
    this.recycle(this.take())
  }

  private open(topic: string, isChangelog = false): TopicOutput | undefined {
    const resolved = this.resolveTopic(topic)
    const partitionCount = this.directory.partitionCount(resolved)
    if (partitionCount === undefined) return undefined
    const output = new TopicOutput(resolved, partitionCount, isChangelog)
    this.outputs.set(topic, output)
    return output
  }

  private defer<K, V>(
    topic: string,
    key: K | null,
    value: V | null,
    timestamp: number,
    headers: RecordHeaders,
    keySerde: Serde<K>,
    valueSerde: Serde<V>,
    partitioner: StreamPartitioner<K, V> | undefined,
  ): void {
    const keyBytes = key === null ? null : serialized(keySerde, key, this.keys)
    const record: DeferredRecord = {
      key: keyBytes,
      partitionEnd: keyBytes === null ? -1 : keyBytes.length - (keySerde.partitionSuffix ?? 0),
      value: value === null ? null : serialized(valueSerde, value, this.values),
      timestamp,
      headers,
      choosePartition: partitioner && ((count) => partitioner(topic, key as K, value as V, count)),
    }
    const waiting = this.deferred.get(topic)
    if (waiting === undefined) this.deferred.set(topic, [record])
    else waiting.push(record)
    this.byteLength += (record.key?.length ?? 0) + (record.value?.length ?? 0)
  }

  private append(output: TopicOutput, record: DeferredRecord): void {
    const key = record.key ?? NO_KEY
    const value = record.value ?? NO_KEY
    const keyEnd = record.key === null ? -1 : key.length
    const valueEnd = record.value === null ? -1 : value.length
    this.keys.reset()
    this.keys.writeBytes(key)
    const chosen = record.choosePartition?.(output.partitionCount)
    for (const each of typeof chosen === 'object' ? chosen : [chosen]) {
      const partition = this.partition(output, record.partitionEnd, each)
      output
        .builderFor(partition, this.pool)
        .appendBytes(record.timestamp, key, 0, keyEnd, value, 0, valueEnd, record.headers)
    }
  }

  /** The partition for the key in `keys[0, keyEnd)`, unless one was chosen; negative: no key. */
  private partition(output: TopicOutput, keyEnd: number, chosen: number | undefined): number {
    if (chosen !== undefined) {
      if (Number.isInteger(chosen) && chosen >= 0 && chosen < output.partitionCount) return chosen
      throw new RangeError(
        `the partitioner chose partition ${chosen} of topic ${output.topic}, which has ${output.partitionCount}`,
      )
    }
    return keyEnd < 0
      ? output.keylessPartition
      : partitionFor(this.keys.buffer, 0, keyEnd, output.partitionCount)
  }
}

function serialized<T>(serde: Serde<T>, value: T, writer: ByteWriter): Buffer {
  writer.reset()
  serde.serialize(value, writer)
  return writer.copy()
}

/** The open batches of one topic. */
class TopicOutput {
  private readonly open: (RecordBatchBuilder | undefined)[]
  private readonly full: OutgoingBatch[] = []
  /** Where records without a key go: one partition an epoch, the next in the next, so that batches stay large. */
  keylessPartition = 0

  constructor(
    readonly topic: string,
    readonly partitionCount: number,
    readonly isChangelog: boolean,
  ) {
    this.open = new Array<RecordBatchBuilder | undefined>(partitionCount).fill(undefined)
  }

  builderFor(partition: number, pool: RecordBatchBuilder[]): RecordBatchBuilder {
    const present = this.open[partition]
    if (present !== undefined && !present.full) return present
    if (present !== undefined) this.full.push({ topic: this.topic, partition, builder: present })
    const fresh = pool.pop() ?? new RecordBatchBuilder()
    this.open[partition] = fresh
    return fresh
  }

  drainInto(batches: OutgoingBatch[]): void {
    batches.push(...this.full)
    this.full.length = 0
    for (let partition = 0; partition < this.open.length; partition++) {
      const builder = this.open[partition]
      if (builder === undefined) continue
      this.open[partition] = undefined
      batches.push({ topic: this.topic, partition, builder })
    }
    this.keylessPartition = (this.keylessPartition + 1) % this.partitionCount
  }
}
