import assert from 'node:assert/strict'
import { decodeCommitMetadata } from '../../src/runtime/commit-metadata.js'
import { eventTimeEnded, OperatorTimes } from '../../src/runtime/operator-times.js'
import { TopicNames } from '../../src/runtime/topic-names.js'
import type { StateDatabase } from '../../src/state/state-database.js'
import { decodeMarker } from '../../src/time/watermark-marker.js'
import type { Topology } from '../../src/topology/topology.js'
import type { PartitionOffset } from './group-coordinator.js'
import { type CommittedRecord, committedRecords } from './invariants.js'
import {
  APPLICATION,
  INPUT,
  type InputRecord,
  KEYS,
  type ModelApplication,
  partitionOf,
} from './model-application.js'
import type { SimulatedKafka } from './simulated-kafka.js'

/** How much records of the input are out of order at most that watermarks wait for, milliseconds. */
export const BOUND = 200
/** Of each repartition topic but those of one. */
export const SHUFFLE_PARTITIONS = 2
const MILLIS_PER_RECORD = 40

/** A record of the input; its value is its place among all. */
export interface SentRecord {
  readonly timestamp: number
  /** How far event time can have come at most when the record is met. */
  readonly reach: number
}

/**
 * What reads the input by watermarks, and shuffles it: no task is ahead of what all tasks before it have told in
 * transactions that are committed.
 */
export abstract class WatermarkedApplication implements ModelApplication {
  readonly growable = true
  /** Tasks tell their time again and again. */
  readonly rests = false
  protected readonly sent: SentRecord[] = []
  protected readonly names: TopicNames
  private readonly greatest: number[] = []
  /** By what was committed beside an offset: whether event time had ended there. */
  private readonly ends = new Map<string, boolean>()

  /** @param partitions of the input, at the beginning */
  constructor(
    readonly topology: Topology,
    readonly outputs: readonly string[],
    private readonly partitions: number,
  ) {
    this.names = new TopicNames(APPLICATION, topology.subTopologies)
  }

  next(partitions: number): InputRecord {
    const id = this.sent.length
    const partition = partitionOf(id, partitions)
    const timestamp = 10_000 + id * MILLIS_PER_RECORD - delayOf(id)
    // A partition that was added knows nothing of time when others are far.
    const before = partition < this.partitions ? this.greatest[partition] : Math.max(...this.greatest)
    this.sent.push({ timestamp, reach: (before ?? 0) - BOUND })
    this.greatest[partition] = Math.max(this.greatest[partition] ?? 0, timestamp)
    return { key: `key${id % KEYS}`, value: String(id), timestamp, partition }
  }

  /** What a task knows of time is what all tasks have told that write to what it reads. */
  checkOffset(kafka: SimulatedKafka, { topic, partition, offset, metadata }: PartitionOffset): void {
    if (!this.names.repartitionTopics.includes(topic)) return
    const reader = this.names.readerOf(topic)
    const known = new OperatorTimes([], [this.timesIn(metadata, topic)]).committedSources(reader.id, 1)[0]!
    const told = this.toldTimes(topic)
    for (const record of committedRecords(kafka, topic, partition, offset)) told.hear(record)
    assert.ok(
      known <= told.least,
      `${topic}-${partition} has come to ${known} at ${offset}, where ${told.least} was told`,
    )
  }

  async checkDisk(_kafka: SimulatedKafka, _taskId: string, _database: StateDatabase): Promise<void> {}

  ended(kafka: SimulatedKafka): boolean {
    return this.names.sources.every((topic) =>
      kafka.logs(topic).every((_, partition) => {
        const { metadata } = kafka.group.committed.get(`${topic}-${partition}`) ?? {}
        return metadata != null && this.endedAt(topic, metadata)
      }),
    )
  }

  /** Asked again and again of the same. */
  private endedAt(topic: string, metadata: string): boolean {
    const known = this.ends.get(metadata)
    if (known !== undefined) return known
    const ended = eventTimeEnded(this.timesIn(metadata, topic), this.names.readerOf(topic))
    this.ends.set(metadata, ended)
    return ended
  }

  abstract assertOutput(kafka: SimulatedKafka): void

  /** What those tell that write a repartition topic. */
  protected toldTimes(topic: string): ToldTimes {
    const name = this.names.inTopology(topic)
    const writer = this.topology.subTopologies.find(({ repartitionSinks }) =>
      repartitionSinks.includes(name),
    )!
    return new ToldTimes(writer.sourceTopics.includes(INPUT) ? this.partitions : SHUFFLE_PARTITIONS)
  }

  private timesIn(metadata: string | null, where: string): string {
    return decodeCommitMetadata(metadata, this.topology.fingerprint, where).operatorTimes
  }
}

/** How far event time can have come at most where a partition of a repartition topic is read. */
export class ToldTimes {
  private readonly told: number[]

  /** @param tasks that write, of those that were there at the beginning */
  constructor(tasks: number) {
    this.told = Array.from({ length: tasks }, () => -1)
  }

  hear({ marker, value }: CommittedRecord): void {
    if (!marker || value === null) return
    for (const { task, eventTime } of decodeMarker(value, 0, value.length).watermarks) {
      if (task < this.told.length) this.told[task] = Math.max(this.told[task]!, eventTime)
    }
  }

  /** -1: not all of them have told. */
  get least(): number {
    return Math.min(...this.told)
  }
}

/** Some records are out of order, and some later than the watermark waits for. */
function delayOf(id: number): number {
  if (id % 11 === 5) return 1_100
  return id % 7 === 3 ? 190 : 0
}
