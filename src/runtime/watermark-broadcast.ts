import { encodeMarker, markerHeaders, type TaskWatermark } from '../time/watermark-marker.js'
import type { SubTopology } from '../topology/sub-topology.js'
import type { RecordCollector } from './record-collector.js'
import type { Task } from './task.js'

/** Between two markers of a topic, as long as nothing becomes idle. */
const MIN_INTERVAL_MS = 200
/**
 * In a backlog 200 ms can be days of event time: markers go also between the data, where that is many records for each
 * marker, so that readers judge by a time close to that of their records.
 */
const MIN_RECORDS = 1000
const MIN_RECORDS_PER_PARTITION = 50
/** A reader that has just begun knows nothing until it has heard of everybody who writes. */
const REPEAT_INTERVAL_MS = 1000
/** A marker goes to every partition: with many of them it goes less often. */
const PARTITIONS_PER_MS = 1

/** What was told of a topic last. */
interface Told {
  at: number
  /** Records that the thread had processed. */
  records: number
  state: string
  idle: string
}

/** What is to be told of a topic. */
interface News extends Omit<Told, 'at' | 'records'> {
  readonly watermarks: readonly TaskWatermark[]
}

/** What the broadcast needs to know of the topology in the cluster. */
export interface ShuffleDirectory {
  /** Partitions of a repartition topic, named as in the topology; undefined until known. */
  partitionsOf(topic: string): number | undefined
  /** How many tasks a sub-topology has. */
  tasksOf(subTopology: SubTopology): number
}

/**
 * Tells those who read a repartition topic how far event time has come at the tasks of a thread that write to it: one
 * marker a partition for all tasks, behind the data and in the same transaction.
 */
export class WatermarkBroadcast {
  private readonly told = new Map<string, Told>()
  private readonly writers: ReadonlyMap<string, SubTopology>
  /** Markers sent, one a partition. */
  markers = 0
  /** Records that the thread has processed. */
  private records = 0

  constructor(
    subTopologies: readonly SubTopology[],
    private readonly directory: ShuffleDirectory,
    private readonly collector: RecordCollector,
  ) {
    this.writers = new Map(
      subTopologies
        .filter(({ shuffles }) => shuffles !== undefined)
        .flatMap((each) => each.repartitionSinks.map((topic) => [topic, each])),
    )
  }

  /** Whether something is to be told by now. */
  due(tasks: readonly Task[]): boolean {
    if (this.writers.size === 0) return false
    const now = performance.now()
    for (const topic of this.writers.keys()) if (this.newsDue(topic, tasks, now) !== undefined) return true
    return false
  }

  /** Tells what is to be told, behind all that was collected, when an epoch ends. */
  tell(tasks: readonly Task[]): void {
    const now = performance.now()
    for (const topic of this.writers.keys()) {
      const news = this.newsDue(topic, tasks, now)
      if (news !== undefined) this.send(topic, news, now)
    }
  }

  /**
   * Tells where many records were processed since it was told last, behind what was collected. Not where writers keep
   * state: rows in the record cache may be earlier, and are sent when the epoch ends.
   *
   * @param records that the thread has processed
   */
  tellBetween(tasks: readonly Task[], records: number): void {
    if (this.writers.size === 0) return
    this.records = records
    for (const [topic, writer] of this.writers) {
      const partitions = this.directory.partitionsOf(topic) ?? 0
      const told = this.told.get(topic)
      const least = Math.max(MIN_RECORDS, partitions * MIN_RECORDS_PER_PARTITION)
      if (writer.stores.length > 0 || told === undefined || records - told.records < least) continue
      const news = newsOf(topic, tasks)
      if (news.watermarks.length > 0 && news.state !== told.state) this.send(topic, news, performance.now())
    }
  }

  private send(topic: string, { watermarks, state, idle }: News, now: number): void {
    const writer = this.writers.get(topic)!
    const marker = { subTopology: writer.id, tasks: this.directory.tasksOf(writer), watermarks }
    this.markers += this.collector.sendToAll(topic, encodeMarker(marker), markerHeaders)
    this.told.set(topic, { at: now, records: this.records, state, idle })
  }

  /** Forgets what was told: it may not have arrived. */
  reset(): void {
    this.told.clear()
  }

  /** What is to be told of a topic by now; undefined: nothing. */
  private newsDue(topic: string, tasks: readonly Task[], now: number): News | undefined {
    const partitions = this.directory.partitionsOf(topic)
    if (partitions === undefined) return undefined
    const news = newsOf(topic, tasks)
    if (news.watermarks.length === 0) return undefined
    return this.isDue(news, this.told.get(topic), partitions, now) ? news : undefined
  }

  private isDue(news: News, told: Told | undefined, partitions: number, now: number): boolean {
    if (told === undefined) return true
    const age = now - told.at
    const interval = Math.max(MIN_INTERVAL_MS, partitions / PARTITIONS_PER_MS)
    if (age < interval) return news.idle !== told.idle
    return age >= Math.max(REPEAT_INTERVAL_MS, interval) || news.state !== told.state
  }
}

/** How far event time has come at the tasks that write to a topic; those that know nothing yet are left out. */
function newsOf(topic: string, tasks: readonly Task[]): News {
  const watermarks: TaskWatermark[] = []
  let state = ''
  let idle = ''
  for (const task of tasks) {
    if (!task.running) continue
    for (const shuffle of task.graph.shuffleTimes()) {
      const { eventTime } = shuffle
      if (shuffle.topic !== topic || (eventTime < 0 && !shuffle.idle)) continue
      watermarks.push({ task: task.partition, eventTime, idle: shuffle.idle })
      state += `${task.partition}:${eventTime} `
      if (shuffle.idle) idle += `${task.partition} `
    }
  }
  return { watermarks, state: state + idle, idle }
}
