import { string } from '../../../src/serdes/string.js'
import { serialized } from '../../../src/testing/serialized.js'
import { TestOutputTopic } from '../../../src/testing/test-output-topic.js'
import type { RawRecord } from '../../../src/testing/test-record.js'
import type { Topology } from '../../../src/topology/topology.js'
import type { Cluster, Result } from './plan.js'
import { RunningTask } from './running-task.js'
import type { Sent } from './task-sender.js'

const text = string()

/**
 * A topology in several tasks, one of each sub-topology and partition, that read each other's repartition topics when
 * they are told to. Nothing else happens by itself either: a task tells of its event time when it is told to.
 */
export class TaskCluster implements Cluster {
  private readonly clock = { now: 0 }
  private readonly tasks: readonly RunningTask[]
  /** By repartition topic, of each partition: what is not read yet. */
  private readonly logs = new Map<string, RawRecord[][]>()
  private readonly outputs = new Map<string, RawRecord[]>()

  constructor({ subTopologies }: Topology, partitions: number) {
    for (const topic of subTopologies.flatMap(({ repartitionSinks }) => repartitionSinks)) {
      this.logs.set(
        topic,
        Array.from({ length: partitions }, () => []),
      )
    }
    this.tasks = subTopologies.flatMap((each) =>
      Array.from(
        { length: partitions },
        (_, partition) =>
          new RunningTask(each, partition, this.clock, partitions, (sent) => this.deliver(sent)),
      ),
    )
  }

  pipe(topic: string, partition: number, key: string, value: string, timestamp: number): void {
    this.readerOf(topic, partition).process(topic, {
      key: serialized(text, key),
      value: serialized(text, value),
      timestamp,
      headers: [],
    })
  }

  wait(milliseconds: number): void {
    this.clock.now += milliseconds
    for (const task of this.tasks) task.tick()
  }

  tell(topic: string, partition: number): void {
    const writer = this.tasks.find(
      (each) => each.partition === partition && each.repartitionSinks.includes(topic),
    )!
    const marker = writer.marker(topic)
    if (marker !== undefined) for (const log of this.logs.get(topic)!) log.push(marker)
  }

  read(topic: string, partition: number): void {
    const next = this.logs.get(topic)![partition]!.shift()
    if (next !== undefined) this.readerOf(topic, partition).process(topic, next)
  }

  async restart(topic: string, partition: number, lost: boolean, away: number): Promise<void> {
    const task = this.readerOf(topic, partition)
    this.clock.now += away
    for (const other of this.tasks) if (other !== task) other.tick()
    await task.restart(lost)
  }

  /** Ends what users write; repartition topics are to be told and read until nothing comes any more. */
  endInput(): void {
    for (const task of this.tasks) task.endInput()
  }

  take(): readonly Result[] {
    return [...this.outputs].flatMap(([topic, records]) =>
      new TestOutputTopic(topic, { key: text, value: text }, records)
        .readAll()
        .map(({ key, value, timestamp }) => `${topic}: ${key} ${value} @${timestamp}`),
    )
  }

  get late(): number {
    return this.tasks.reduce((sum, { late }) => sum + late, 0)
  }

  private readerOf(topic: string, partition: number): RunningTask {
    return this.tasks.find((each) => each.partition === partition && each.reads(topic))!
  }

  private deliver({ topic, partition, record }: Sent): void {
    const logs = this.logs.get(topic)
    if (logs !== undefined) {
      logs[partition]!.push(record)
      return
    }
    const records = this.outputs.get(topic) ?? []
    this.outputs.set(topic, records)
    records.push(record)
  }
}
