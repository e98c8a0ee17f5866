import { setImmediate as nextTurn } from 'node:timers/promises'
import { Admin } from '../../kafka/admin/admin.js'
import { OffsetOutOfRangeError, TopicRecreatedError } from '../../kafka/consumer/fetch-error.js'
import { Fetcher } from '../../kafka/consumer/fetcher.js'
import { listOffsets } from '../../kafka/consumer/list-offsets.js'
import type { FetchedChunk } from '../../kafka/records/fetched-chunk.js'
import { RecordCursor } from '../../kafka/records/record-cursor.js'
import { type TopicPartition, topicPartitionKey } from '../../kafka/topic-partition.js'
import type { BrokerTransport } from '../../kafka/transport/broker-transport.js'
import { StreamsError } from '../../runtime/streams-error.js'
import type { SchemaPendingError } from '../../serdes/schema-pending-error.js'
import type { ChangelogRecord } from '../../state/store-restore.js'
import type { RowFormat } from './row-format.js'
import { type ReplicaTopic, StoreReplica } from './store-replica.js'

/** How many records are taken between two turns of the event loop: about a millisecond's work. */
const SLICE_RECORDS = 1000
/** Fetched records that wait to be taken in. */
const FETCH_BUFFER_BYTES = 8 * 1024 * 1024

/** What reading a store takes. */
export interface ReplicaSource {
  /** Name of the store, for errors. */
  readonly store: string
  /** The topic in Kafka that has its rows. */
  readonly topic: string
  readonly format: RowFormat
  /** The most that the rows may take in memory, bytes. */
  readonly maxBytes: number
  connect(): BrokerTransport
}

/** What a reader tells. */
export interface ReplicaListener {
  /** A replica has all that there was; another one than before where the topic had to be read anew. */
  ready(replica: StoreReplica): void
  /** There is more in it. */
  changed(): void
  /** The reading has ended. */
  failed(error: unknown): void
  /** Something did not work that is tried again. */
  warn(error: unknown): void
}

/** What keeps a replica of a store up to date. */
export type Reader = Pick<ReplicaReader, 'close' | 'reaches'>

/** A store is larger than what a feed may take. */
export class FeedTooLargeError extends StreamsError {
  override readonly name = 'FeedTooLargeError'

  constructor(store: string, maxBytes: number) {
    super(
      'FEED_TOO_LARGE',
      `the rows of store '${store}' take more than ${maxBytes} bytes: raise maxBytes of the feed`,
    )
  }
}

/**
 * Follows the topic that has a store's rows, over all partitions, whoever has their tasks, and keeps a replica of the
 * store: what is committed, and nothing else.
 */
export class ReplicaReader {
  private readonly cursor = new RecordCursor()
  private readonly transport: BrokerTransport
  private fetcher: Fetcher | undefined
  private closed = false
  private end: () => void = () => {}
  /** Resolves when it is closed. */
  private readonly ending = new Promise<void>((resolve) => {
    this.end = resolve
  })
  private readonly done: Promise<void>

  constructor(
    private readonly source: ReplicaSource,
    private readonly listener: ReplicaListener,
  ) {
    this.transport = source.connect()
    this.done = this.run()
  }

  /** Stops reading and lets the connections go. */
  async close(): Promise<void> {
    this.closed = true
    this.end()
    await this.fetcher?.close()
    // What is asked for at the moment is not waited for.
    await this.transport.close()
    await this.done
  }

  /**
   * Whether the log goes up to offsets, by partition. A replica may be behind what another worker has told.
   *
   * @throws what keeps the brokers from telling
   */
  async reaches(replica: StoreReplica, offsets: readonly number[]): Promise<boolean> {
    const beyond = offsets.flatMap((offset, partition) =>
      offset > replica.partitions[partition]!.position ? [{ topic: this.source.topic, partition }] : [],
    )
    if (beyond.length === 0) return true
    const ends = await listOffsets(this.transport, beyond, 'latest', 'read_uncommitted')
    return beyond.every(
      ({ topic, partition }) => offsets[partition]! <= ends.get(topicPartitionKey(topic, partition))!,
    )
  }

  private async run(): Promise<void> {
    try {
      while (!this.closed) await this.follow()
    } catch (error) {
      if (!this.closed) this.listener.failed(error)
    } finally {
      await this.transport.close()
    }
  }

  /** Reads the topic from its beginning and on; ends where it has to be read anew. */
  private async follow(): Promise<void> {
    const { source, transport } = this
    const topic = await this.find()
    const replica = new StoreReplica(source.format, topic, source.maxBytes)
    const fetcher = new Fetcher(transport, { isolation: 'read_committed', bufferBytes: FETCH_BUFFER_BYTES })
    this.fetcher = fetcher
    for (const [partition, start] of topic.starts.entries()) fetcher.add(source.topic, partition, start)
    try {
      let ready = false
      while (!this.closed) {
        if (!ready && replica.complete) {
          ready = true
          this.listener.ready(replica)
        }
        const read = await this.readFetched(replica, fetcher)
        if (read && ready) this.listener.changed()
        if (!read) await fetcher.available()
      }
    } catch (error) {
      if (!isReadAnew(error)) throw error
      this.listener.warn(error)
    } finally {
      await fetcher.close()
    }
  }

  /** What there is of the topic. */
  private async find(): Promise<ReplicaTopic> {
    const { transport } = this
    const { store, topic } = this.source
    const admin = new Admin(transport)
    const foundAt = Date.now()
    const metadata = (await admin.describeTopics([topic])).get(topic)
    if (metadata === undefined) {
      throw new StreamsError(
        'FEED_TOPIC_MISSING',
        `topic '${topic}', which has the rows of store '${store}', does not exist: the application creates it when it starts`,
      )
    }
    const partitions = metadata.partitions.map((_, partition) => ({ topic, partition }))
    const starts = await listOffsets(transport, partitions, 'earliest', 'read_committed')
    const ends = await listOffsets(transport, partitions, 'latest', 'read_committed')
    const inOrder = (offsets: ReadonlyMap<string, number>): number[] =>
      partitions.map((at: TopicPartition) => offsets.get(topicPartitionKey(at.topic, at.partition))!)
    return {
      topicId: metadata.topicId,
      starts: inOrder(starts),
      ends: inOrder(ends),
      deleteRetentionMs: deleteRetention(await admin.topicConfigs(topic)),
      foundAt,
    }
  }

  /** Takes in what is fetched. @returns whether anything was */
  private async readFetched(replica: StoreReplica, fetcher: Fetcher): Promise<boolean> {
    const { topic, store, maxBytes } = this.source
    let read = false
    for (const partition of replica.partitions.keys()) {
      const chunk = fetcher.take(topic, partition)
      if (chunk === undefined) continue
      read = true
      await this.readChunk(replica, chunk)
      if (replica.bytes > maxBytes) throw new FeedTooLargeError(store, maxBytes)
    }
    return read
  }

  /** Waits for the schemas that a record was written with. */
  private async untilReadable(awaited: SchemaPendingError, record: ChangelogRecord): Promise<void> {
    for (let each: SchemaPendingError | undefined = awaited; each !== undefined && !this.closed; ) {
      await Promise.race([each.ready, this.ending])
      each = this.source.format.awaitedBy(record)
    }
  }

  private async readChunk(replica: StoreReplica, chunk: FetchedChunk): Promise<void> {
    const { cursor } = this
    const { format } = this.source
    cursor.open(chunk)
    for (let records = 1; cursor.next(); records++) {
      const awaited = format.awaitedBy(cursor)
      if (awaited !== undefined) await this.untilReadable(awaited, cursor)
      if (this.closed) return
      replica.add(chunk.partition, cursor)
      if (records % SLICE_RECORDS === 0) await nextTurn()
    }
    replica.reach(chunk.partition, cursor.nextOffset, chunk.logStartOffset)
    await nextTurn()
  }
}

/** Where it stood in the topic is nowhere any more. */
const isReadAnew = (error: unknown): boolean =>
  error instanceof OffsetOutOfRangeError || error instanceof TopicRecreatedError

/** How long a topic keeps records of deletions; for ever where it is not compacted. */
function deleteRetention(configs: ReadonlyMap<string, string>): number {
  const compacted = configs.get('cleanup.policy')?.includes('compact') ?? false
  const kept = configs.get('delete.retention.ms')
  return compacted && kept !== undefined ? Number(kept) : Number.POSITIVE_INFINITY
}
