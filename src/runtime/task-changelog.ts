import type { ChangelogWriter } from '../state/changelog-writer.js'
import type { RecordCollector } from './record-collector.js'

/** Takes the changes of one task's stores to their changelog topics, into the task's partition. */
export class TaskChangelog implements ChangelogWriter {
  /** @param topics changelog topics in Kafka, by store */
  constructor(
    private readonly collector: RecordCollector,
    private readonly topics: ReadonlyMap<string, string>,
    private readonly partition: number,
  ) {}

  append(
    store: string,
    key: Buffer,
    keyStart: number,
    keyEnd: number,
    value: Buffer,
    valueStart: number,
    valueEnd: number,
    timestamp: number,
  ): void {
    this.collector.appendChangelog(
      this.topics.get(store)!,
      this.partition,
      key,
      keyStart,
      keyEnd,
      value,
      valueStart,
      valueEnd,
      timestamp,
    )
  }
}
