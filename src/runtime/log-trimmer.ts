import { Admin } from '../kafka/admin/admin.js'
import { topicPartitionKey } from '../kafka/topic-partition.js'
import type { BrokerTransport } from '../kafka/transport/broker-transport.js'
import { isTrimmed } from '../state/store-definition.js'
import type { Task } from './task.js'
import type { TopicNames } from './topic-names.js'

interface LogStart {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

/**
 * Deletes from internal topics what no one needs any more: repartition records whose effects are committed (KIP-811),
 * and changelog records of windows that have expired. Only ever up to what is committed.
 */
export class LogTrimmer {
  private readonly admin: Admin
  private readonly repartition: ReadonlySet<string>
  private readonly trimmed = new Map<string, number>()
  private running = false
  private lastRun = performance.now()

  constructor(
    transport: BrokerTransport,
    private readonly names: TopicNames,
    private readonly intervalMs: number,
    private readonly failed: (error: unknown) => void,
  ) {
    this.admin = new Admin(transport)
    this.repartition = new Set(names.repartitionTopics)
  }

  /** Begins a round if it is time for one. */
  poll(tasks: readonly Task[]): void {
    const now = performance.now()
    if (this.running || now - this.lastRun < this.intervalMs) return
    this.lastRun = now
    const starts = tasks.flatMap((task) => [...this.purgeable(task), ...this.trimmable(task)])
    const moved = starts.filter(({ topic, partition, offset }) => {
      return offset > (this.trimmed.get(topicPartitionKey(topic, partition)) ?? 0)
    })
    if (moved.length > 0) void this.trim(moved)
  }

  private purgeable(task: Task): LogStart[] {
    return task.committedPositions().filter(({ topic }) => this.repartition.has(topic))
  }

  private trimmable(task: Task): LogStart[] {
    return task.subTopology.stores.flatMap((store) => {
      if (!isTrimmed(store) || !store.logging || !task.running) return []
      const offset = task.state.trimOffset(store.name)
      return [{ topic: this.names.changelogOf(store), partition: task.partition, offset }]
    })
  }

  private async trim(starts: readonly LogStart[]): Promise<void> {
    this.running = true
    try {
      await this.admin.deleteRecords(starts)
      for (const { topic, partition, offset } of starts)
        this.trimmed.set(topicPartitionKey(topic, partition), offset)
    } catch (error) {
      this.failed(error)
    } finally {
      this.running = false
    }
  }
}
