import type { Logger } from 'pino'
import type { KafkaStreams } from '../../runtime/kafka-streams.js'
import type { RestoredStore } from '../../runtime/restored-store.js'
import type { TaskChanges } from '../../runtime/task-changes.js'
import { formatTaskId } from '../../runtime/task-id.js'
import { TopicNames } from '../../runtime/topic-names.js'
import { loggedError } from './error-fields.js'

/** Writes down what a client tells of itself. */
export class ClientLog {
  constructor(
    private readonly streams: KafkaStreams,
    private readonly logger: Logger,
    /** Whether texts are logged that may show keys and values of records. */
    private readonly values: boolean,
  ) {
    streams.on('state', (state, before) =>
      logger.info({ event: 'state', state, before }, `the client is ${state}`),
    )
    streams.on('rebalanced', (changes) => this.rebalanced(changes))
    streams.on('restored', (store) => this.restored(store))
    streams.on('warning', (error) => this.failed('warn', 'warning', error))
  }

  /** Something has gone wrong. */
  failed(level: 'warn' | 'error' | 'fatal', event: string, error: Error): void {
    const { message, fields } = loggedError(error, this.values)
    const { task = this.taskOf(fields), ...others } = fields
    this.logger[level]({ event, ...(task === undefined ? {} : { task }), ...others }, message)
  }

  private rebalanced({ thread, kind, changed, tasks }: TaskChanges): void {
    const level = kind === 'lost' ? 'warn' : 'info'
    const counted = changed.length === 1 ? '1 task' : `${changed.length} tasks`
    this.logger[level]({ event: 'rebalance', thread, kind, changed, tasks }, `${counted} ${kind}`)
  }

  private restored({ durationMs, ...store }: RestoredStore): void {
    const { records, task } = store
    this.logger.info(
      { event: 'restored', ...store, durationMs: Math.round(durationMs) },
      `restored ${records} records of store ${store.store}, task ${task}`,
    )
  }

  /** The task that reads a partition; undefined: no task does. */
  private taskOf({ topic, partition }: Readonly<Record<string, unknown>>): string | undefined {
    if (typeof topic !== 'string' || typeof partition !== 'number') return undefined
    const { applicationId, topology } = this.streams
    const names = new TopicNames(applicationId, topology.subTopologies)
    return names.sources.includes(topic) ? formatTaskId(names.readerOf(topic).id, partition) : undefined
  }
}
