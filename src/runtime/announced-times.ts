import { type TopicPartition, topicPartitionKey } from '../kafka/topic-partition.js'

/** A partition that somebody else reads, by what is committed of it. */
export interface AnnouncedPartition extends TopicPartition {
  /** How far its event time had come; -1: that is not known. */
  readonly eventTime: number
  /** Whether it has something to read, so that others are to wait for it. */
  readonly behind: boolean
}

/** What is remembered of a partition. */
interface Pace {
  readonly eventTime: number
  /** How far ahead of it others may be. */
  readonly lead: number
}

/**
 * An announcement is as old as the time between two commits and that between two looks together, so that a partition may
 * have come on twice meanwhile; twice as much again lets a group that gets faster double its pace each time.
 */
const STEPS_AHEAD = 4

/**
 * How far the partitions of an alignment group have come that others read, by what they announce: with their commits, a
 * while ago. Who went by that alone would be paused until the next announcement, however fast all of them are: a backlog
 * would be read at the speed of one drift for each announcement (FLINK-37399). So where the pace of the slowest is more than
 * the drift, others may be as far ahead of it as it can have come meanwhile, by what it came on last. One that slows down
 * is given half as much with each announcement.
 */
export class AnnouncedTimes {
  private paces = new Map<string, Pace>()
  /** Nobody goes on before something is known. */
  private slowestTime = Number.NEGATIVE_INFINITY
  private furthest = -1
  /** The slowest of those that others are to wait for. */
  slowest: TopicPartition | undefined

  /** Takes what is known now, of every partition that somebody else reads. */
  hear(partitions: Iterable<AnnouncedPartition>): void {
    const { paces } = this
    this.forget()
    for (const partition of partitions) {
      const { topic, eventTime } = partition
      if (eventTime < 0) continue
      const key = topicPartitionKey(topic, partition.partition)
      const pace = paceOf(eventTime, paces.get(key))
      this.paces.set(key, pace)
      if (partition.behind) this.waitFor(partition, pace)
    }
  }

  private waitFor(partition: TopicPartition, { eventTime, lead }: Pace): void {
    this.furthest = Math.min(this.furthest, eventTime + lead)
    if (eventTime >= this.slowestTime) return
    this.slowestTime = eventTime
    this.slowest = partition
  }

  /** Waits for nobody until something is heard. */
  forget(): void {
    this.paces = new Map()
    this.slowestTime = Number.POSITIVE_INFINITY
    this.furthest = Number.POSITIVE_INFINITY
    this.slowest = undefined
  }

  /** The event time from which on a partition is not read; infinite: there is nobody to wait for. */
  limit(maxDrift: number): number {
    return Math.max(this.slowestTime + maxDrift, this.furthest)
  }
}

function paceOf(eventTime: number, before: Pace | undefined): Pace {
  if (before === undefined) return { eventTime, lead: 0 }
  if (eventTime === before.eventTime) return before
  return { eventTime, lead: Math.max(STEPS_AHEAD * (eventTime - before.eventTime), before.lead / 2) }
}
