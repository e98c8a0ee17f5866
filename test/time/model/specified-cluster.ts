import { END_OF_TIME } from '../../../src/time/input-watermark.js'
import { type Cluster, IDLE_AFTER, partitionOf, type Result, type Topics } from './plan.js'
import type { SpecifiedOperator } from './specified-operator.js'

/** How far event time has come somewhere; all that is earlier has come. -1: nothing is known. */
interface Told {
  readonly time: number
  readonly idle: boolean
}

/** Together they are where the last of them is that is not idle; where all are idle, where the first of them is. */
function together(all: readonly Told[]): number {
  const active = all.filter(({ idle }) => !idle).map(({ time }) => time)
  return active.length > 0 ? Math.min(...active) : Math.max(...all.map(({ time }) => time))
}

/** A partition of a user's topic: its greatest timestamp less the bound, until it ends. */
interface InputPartition {
  greatest: number
  ended: boolean
  lastRead: number
}

/** A task that reads a partition of users' topics and writes each record to a repartition topic. */
class Writer {
  readonly inputs: Map<string, InputPartition>
  /** What it could tell. Goes back only where it begins again, and partitions that were idle are not so any more. */
  time = -1
  idle = false

  constructor(
    topics: readonly string[],
    private readonly outOfOrderness: number,
  ) {
    this.inputs = new Map(topics.map((topic) => [topic, { greatest: -1, ended: false, lastRead: 0 }]))
  }

  update(clock: number): void {
    const all = [...this.inputs.values()].map(({ greatest, ended, lastRead }) => ({
      time: ended ? END_OF_TIME : Math.max(-1, greatest - this.outOfOrderness),
      idle: clock - lastRead >= IDLE_AFTER,
    }))
    this.time = Math.max(this.time, together(all))
    this.idle = all.every(({ idle }) => idle)
  }
}

/** A partition of a repartition topic, as the task sees it that reads it. */
class ShufflePartition {
  readonly log: (
    | { readonly writer: number; readonly told: Told }
    | { readonly key: string; readonly value: string; readonly timestamp: number }
  )[] = []
  /** By writer, what it told last since the reader has begun. */
  heard = new Map<number, Told>()
  /** Never goes back, and is committed. */
  time = -1
  idle = false

  constructor(private readonly writers: number) {}

  hear(writer: number, told: Told): void {
    this.heard.set(writer, { time: Math.max(told.time, this.heard.get(writer)?.time ?? -1), idle: told.idle })
    if (this.heard.size < this.writers) return
    const all = [...this.heard.values()]
    this.time = Math.max(this.time, together(all))
    this.idle = all.every(({ idle }) => idle)
  }
}

/** A task that reads a partition of each repartition topic, and has the operator. */
class Reader {
  now = -1

  constructor(
    readonly shuffles: ReadonlyMap<string, ShufflePartition>,
    readonly operator: SpecifiedOperator,
  ) {}

  update(): void {
    this.now = Math.max(this.now, together([...this.shuffles.values()]))
    this.operator.advance(this.now)
  }
}

/**
 * Watermarks in the words of docs/time.md. Writers read a partition of users' topics each, shuffle their records by key
 * and tell how far they have come; readers wait for all of them, and show the operator the time of what it reads.
 *
 * A task that begins again goes on from the event time of what it reads. A writer takes no partition for idle before it
 * has been quiet for its time again; a reader hears of everybody anew, and its operator's time never goes back.
 */
export class SpecifiedCluster implements Cluster {
  private clock = 0
  /** By partition, then by repartition topic. */
  private readonly writers: ReadonlyMap<string, Writer>[]
  private readonly readers: readonly Reader[]

  constructor(
    private readonly partitions: number,
    outOfOrderness: number,
    { inputs, shuffles }: Topics,
    operator: () => SpecifiedOperator,
  ) {
    const partition = Array.from({ length: partitions })
    // One repartition topic is for both inputs, of two each is for its own.
    const inputsOf = (topic: string) => inputs.filter((_, at) => shuffles[at % shuffles.length] === topic)
    this.writers = partition.map(
      () => new Map(shuffles.map((topic) => [topic, new Writer(inputsOf(topic), outOfOrderness)])),
    )
    this.readers = partition.map(
      () =>
        new Reader(new Map(shuffles.map((topic) => [topic, new ShufflePartition(partitions)])), operator()),
    )
  }

  pipe(topic: string, partition: number, key: string, value: string, timestamp: number): void {
    const { writer, shuffle } = this.writerOf(topic, partition)
    const input = writer.inputs.get(topic)!
    input.greatest = Math.max(input.greatest, timestamp)
    input.lastRead = this.clock
    const reader = this.readers[partitionOf(key, this.partitions)]!
    reader.shuffles.get(shuffle)!.log.push({ key, value, timestamp })
    writer.update(this.clock)
  }

  wait(milliseconds: number): void {
    this.pass(milliseconds)
  }

  /** @param away the task that does not run meanwhile */
  private pass(milliseconds: number, away?: Writer | Reader): void {
    this.clock += milliseconds
    for (const writer of this.writers.flatMap((writers) => [...writers.values()])) {
      if (writer !== away) writer.update(this.clock)
    }
    for (const reader of this.readers) if (reader !== away) reader.operator.pass(this.clock)
  }

  tell(topic: string, partition: number): void {
    const { time, idle } = this.writers[partition]!.get(topic)!
    if (time < 0 && !idle) return
    for (const { shuffles } of this.readers) {
      shuffles.get(topic)!.log.push({ writer: partition, told: { time, idle } })
    }
  }

  read(topic: string, partition: number): void {
    const reader = this.readers[partition]!
    const shuffle = reader.shuffles.get(topic)!
    const next = shuffle.log.shift()
    if (next === undefined) return
    if ('told' in next) {
      shuffle.hear(next.writer, next.told)
      reader.update()
    } else reader.operator.take(topic, next.key, next.value, next.timestamp, reader.now)
  }

  restart(topic: string, partition: number, _lost: boolean, away: number): void {
    const reader = this.readers[partition]!
    if (reader.shuffles.has(topic)) {
      this.pass(away, reader)
      for (const shuffle of reader.shuffles.values()) {
        shuffle.heard = new Map()
        shuffle.idle = false
      }
      reader.update()
      reader.operator.pass(this.clock)
      return
    }
    const { writer } = this.writerOf(topic, partition)
    this.pass(away, writer)
    for (const input of writer.inputs.values()) input.lastRead = this.clock
    writer.time = -1
    writer.update(this.clock)
  }

  endInput(): void {
    for (const writer of this.writers.flatMap((writers) => [...writers.values()])) {
      for (const input of writer.inputs.values()) input.ended = true
      writer.update(this.clock)
    }
  }

  take(): readonly Result[] {
    return this.readers.flatMap(({ operator }) => operator.takeResults())
  }

  get late(): number {
    return this.readers.reduce((sum, { operator }) => sum + operator.late, 0)
  }

  private writerOf(input: string, partition: number): { readonly shuffle: string; readonly writer: Writer } {
    const [shuffle, writer] = [...this.writers[partition]!].find(([, each]) => each.inputs.has(input))!
    return { shuffle, writer }
  }
}
