import { KafkaJsTransport } from '../../kafka/transport/kafkajs-transport.js'
import { type KafkaStreams, type StreamsState, surroundingsOf } from '../../runtime/kafka-streams.js'
import { OutageWarnings } from '../../runtime/outage-warnings.js'
import { connectionOptions } from '../../runtime/streams-config.js'
import { StreamsError } from '../../runtime/streams-error.js'
import { TopicNames } from '../../runtime/topic-names.js'
import type { AnyStoreDefinition } from '../../state/store-definition.js'
import { FairTurns } from './fair-turns.js'
import type { FeedSettings } from './feed-options.js'
import type { ReplicaSource } from './replica-reader.js'
import { RowFormat } from './row-format.js'
import { feedClosed, StoreFeed } from './store-feed.js'

/** States of a client that it does not come back from. */
const ENDED: ReadonlySet<StreamsState> = new Set<StreamsState>(['pending-shutdown', 'not-running', 'error'])

/** The feeds of an application's stores, each made when it is first asked for. */
export class FeedStores {
  private readonly feeds = new Map<string, StoreFeed>()
  private readonly turns = new FairTurns()
  readonly warn: (error: unknown) => void
  private readonly beats: NodeJS.Timeout
  private closed: boolean

  constructor(
    private readonly streams: KafkaStreams,
    private readonly settings: FeedSettings,
  ) {
    this.warn = surroundingsOf(streams).warn
    this.closed = ENDED.has(streams.state)
    this.beats = setInterval(() => this.beat(), settings.heartbeatMs)
    this.beats.unref()
    streams.on('state', (state) => {
      if (state === 'pending-shutdown') this.close().catch(this.warn)
    })
  }

  /** Feeds by store, of those that have been asked for. */
  get all(): ReadonlyMap<string, StoreFeed> {
    return this.feeds
  }

  get subscriberCount(): number {
    let count = 0
    for (const feed of this.feeds.values()) count += feed.subscriberCount
    return count
  }

  /**
   * The feed of a store.
   *
   * @throws {StreamsError} `UNKNOWN_STORE`, `FEED_STORE` for a store that has none, `FEED_CLOSED`, `FEED_TOO_LARGE`
   */
  feed(name: string): StoreFeed {
    if (this.closed) throw feedClosed()
    const feed = this.feeds.get(name) ?? this.create(name)
    if (feed.refused !== undefined) throw feed.refused
    return feed
  }

  private create(name: string): StoreFeed {
    const { lingerMs, stuckAfterMs } = this.settings
    const { turns, warn } = this
    const feed = new StoreFeed(this.sourceOf(name), { lingerMs, stuckAfterMs, turns, warn })
    this.feeds.set(name, feed)
    return feed
  }

  private sourceOf(name: string): ReplicaSource {
    const { streams, settings } = this
    const served = settings.stores
    const names = new TopicNames(streams.applicationId, streams.topology.subTopologies)
    const definition = this.definitionOf(name)
    const show = served?.[name]?.show
    return {
      store: name,
      topic: names.changelogOf(definition),
      format: new RowFormat(definition, show && ((value, key) => show(value, key))),
      maxBytes: settings.maxBytes,
      connect: () => this.connect(name),
    }
  }

  private definitionOf(name: string): AnyStoreDefinition {
    const { topology } = this.streams
    const served = this.settings.stores
    const stores = topology.subTopologies.flatMap((each) => each.stores)
    const shown = stores.filter((store) => served === undefined || Object.hasOwn(served, store.name))
    const definition = shown.find((store) => store.name === name)
    if (definition !== undefined) return definition
    if (topology.globals.some((each) => each.stores.some((store) => store.name === name))) {
      throw new StreamsError('FEED_STORE', `store '${name}' is global: feeds are of stores that tasks write`)
    }
    const names = shown.map((store) => store.name).join(', ') || 'none'
    throw new StreamsError(
      'UNKNOWN_STORE',
      `there is no feed of a store '${name}'; stores with one: ${names}`,
    )
  }

  private connect(store: string): KafkaJsTransport {
    const { config } = surroundingsOf(this.streams)
    const { unreachable } = new OutageWarnings(this.warn)
    return new KafkaJsTransport(
      connectionOptions(config, `${config.applicationId}-feed-${store}`, unreachable),
    )
  }

  private beat(): void {
    for (const feed of this.feeds.values()) feed.beat()
  }

  /** Ends all connections and all reading. */
  private async close(): Promise<void> {
    this.closed = true
    clearInterval(this.beats)
    await Promise.all([...this.feeds.values()].map((feed) => feed.close()))
  }
}
