import { EventEmitter } from 'node:events'
import { KafkaJsTransport } from '../kafka/transport/kafkajs-transport.js'
import { isUnreachable } from '../kafka/transport/transport-error.js'
import { StateDirectory } from '../state/state-directory.js'
import type { WallClock } from '../time/wall-clock.js'
import { withMatchedTopics } from '../topology/matched-topics.js'
import type { Topology } from '../topology/topology.js'
import { prepareInternalTopics } from './internal-topic-manager.js'
import { loadTopology } from './load-topology.js'
import { matchableTopics } from './matchable-topics.js'
import { OutageWarnings } from './outage-warnings.js'
import { ProcessPulse } from './process-pulse.js'
import type { RestoredStore } from './restored-store.js'
import {
  type ReadOnlyStore,
  type ReadOnlyVersionedView,
  storeView,
  versionedStoreView,
} from './store-views.js'
import { type StreamsMetrics, sumMetrics } from './stream-metrics.js'
import { StreamThread } from './stream-thread.js'
import type { StreamThreadHandle, ThreadEvents } from './stream-thread-handle.js'
import {
  compileOptions,
  connectionOptions,
  type KafkaStreamsOptions,
  type StreamsConfig,
} from './streams-config.js'
import { ConfigError, StreamsError } from './streams-error.js'
import type { TaskChanges } from './task-changes.js'
import { processHome } from './thread-home.js'
import type { ThreadState } from './thread-state.js'
import { userError } from './user-error.js'
import { WorkerStreamThread } from './worker-thread.js'

/**
 * - `created`: not started.
 * - `rebalancing`: tasks are being assigned or restored; those that are ready process.
 * - `running`: all tasks of this client process.
 * - `pending-shutdown`: closing.
 * - `not-running`: closed.
 * - `error`: stopped by an error; see the `error` event.
 */
export type StreamsState =
  | 'created'
  | 'rebalancing'
  | 'running'
  | 'pending-shutdown'
  | 'not-running'
  | 'error'

export interface CloseOptions {
  /** How long an orderly end may take before the client stops regardless; default 30 s. */
  readonly timeoutMs?: number
}

interface KafkaStreamsEvents {
  state: [state: StreamsState, before: StreamsState]
  error: [error: Error]
  /** Something did not work that is tried again. */
  warning: [error: Error]
  /** A store of a task has caught up with its changelog; not told where nothing was behind. */
  restored: [store: RestoredStore]
  /** A rebalance has changed which tasks a thread has, or is over without a change. */
  rebalanced: [changes: TaskChanges]
}

/** None of the brokers that the options name could be reached at the start. */
export class BrokersUnreachableError extends StreamsError {
  override readonly name = 'BrokersUnreachableError'

  constructor(brokers: readonly string[], cause: Error) {
    super(
      'BROKERS_UNREACHABLE',
      `none of the brokers ${brokers.join(', ')} (option brokers) can be reached: ${cause.message}`,
      { cause },
    )
  }
}

/** The time for an orderly end was over. */
export class CloseTimeoutError extends StreamsError {
  override readonly name = 'CloseTimeoutError'

  constructor(timeoutMs: number) {
    super(
      'CLOSE_TIMEOUT',
      `the client did not end within ${timeoutMs} ms and was stopped: what it had not committed is done again after the next start`,
    )
  }
}

const DEFAULT_CLOSE_TIMEOUT_MS = 30_000

/**
 * Runs a topology against a Kafka cluster: joins the consumer group of the application, processes the partitions
 * that it is given, keeps their state, and commits.
 *
 * @example
 * ```ts
 * await using streams = new KafkaStreams(builder.build(), { applicationId: 'delays', brokers: ['localhost:9092'] })
 * await streams.start()
 * ```
 */
export class KafkaStreams extends EventEmitter<KafkaStreamsEvents> implements AsyncDisposable {
  private readonly config: StreamsConfig
  private described: Topology
  private threads: readonly StreamThreadHandle[] = []
  private readonly threadStates = new Map<number, ThreadState>()
  private directory: StateDirectory | undefined
  private pulse: ProcessPulse | undefined
  private current: StreamsState = 'created'
  private opened: Promise<void> | undefined
  private closing: Promise<void> | undefined
  private readonly ending = new AbortController()
  private readonly onAbort = (): void => {
    this.close().catch(this.warn)
  }
  private readonly warn = (error: unknown): void => void this.emit('warning', userError(error))
  private readonly signal: AbortSignal | undefined
  /** URL of the topology's module; worker threads load it from there. */
  private module: string | undefined
  /** The topics that patterns of the topology may be for; empty where it has none. */
  private matchable: readonly string[] = []

  /**
   * @param wallClock the time that processors see, their schedules on the wall clock and `emitInterval` go by; for tests
   * @throws {ConfigError} naming the option and the values allowed; also for `threads` > 1, which needs
   *   {@link KafkaStreams.fromModule}
   */
  constructor(
    topology: Topology,
    options: KafkaStreamsOptions,
    private readonly wallClock: WallClock = Date.now,
  ) {
    super()
    this.described = topology
    this.config = compileOptions(options)
    this.signal = options.signal
    if (this.config.threads > 1) {
      throw new ConfigError(
        'threads',
        `${this.config.threads} threads run in worker threads, which load the topology themselves: ` +
          'put it in a module as its default export and use KafkaStreams.fromModule(url, options)',
      )
    }
  }

  /**
   * A client whose topology is the default export of a module (or what that returns, if it is a function). With
   * `threads` > 1 each stream thread is a worker thread that loads the module.
   *
   * @param url for example `new URL('./topology.js', import.meta.url)`
   */
  static async fromModule(url: URL | string, options: KafkaStreamsOptions): Promise<KafkaStreams> {
    const module = String(url)
    const { threads = 1, ...rest } = options
    const streams = new KafkaStreams(await loadTopology(module), rest)
    streams.module = module
    Object.assign(streams, { config: compileOptions({ ...rest, threads }) })
    return streams
  }

  get applicationId(): string {
    return this.config.applicationId
  }

  get state(): StreamsState {
    return this.current
  }

  /** What it runs; once it has started, with the topics that its patterns are for. */
  get topology(): Topology {
    return this.described
  }

  /**
   * Creates internal topics that are missing, joins the group and begins to process; resolves when membership has
   * begun. What goes wrong later is told by the `error` event.
   *
   * @throws {StreamsError} if a source topic is missing, an internal topic does not fit, the state directory is in
   *   use, no broker can be reached, or the client was started before or is closed meanwhile
   */
  async start(): Promise<void> {
    if (this.current !== 'created') {
      throw new StreamsError('ALREADY_STARTED', `a client starts once; this one is ${this.current}`)
    }
    this.signal?.throwIfAborted()
    this.enter('rebalancing')
    this.signal?.addEventListener('abort', this.onAbort, { once: true })
    this.opened = this.open()
    try {
      await this.opened
    } catch (error) {
      const closed = this.closing !== undefined
      this.closing ??= this.shutDown('error', DEFAULT_CLOSE_TIMEOUT_MS)
      await this.closing.catch(this.warn)
      throw closed
        ? new StreamsError('CLOSED', 'the client was closed while it started', { cause: error })
        : userError(error)
    }
  }

  private async open(): Promise<void> {
    const { signal } = this.ending
    this.directory = await StateDirectory.open(this.config.stateDir, this.config.applicationId, this.warn)
    await this.prepareTopics(signal)
    signal.throwIfAborted()
    this.pulse = ProcessPulse.start(this.warn)
    this.threads = this.createThreads(this.directory, this.pulse)
    await Promise.all(this.threads.map((thread) => thread.start()))
  }

  private async prepareTopics(signal: AbortSignal): Promise<void> {
    signal.throwIfAborted()
    const outages = new OutageWarnings(this.warn)
    const clientId = `${this.config.applicationId}-admin`
    const transport = new KafkaJsTransport(connectionOptions(this.config, clientId, outages.unreachable))
    const close = (): void => void transport.close()
    signal.addEventListener('abort', close, { once: true })
    try {
      const { topology, config } = this
      this.matchable = await matchableTopics(transport, topology, config.applicationId)
      this.described = withMatchedTopics(topology, this.matchable)
      await prepareInternalTopics(transport, this.topology, this.config)
    } catch (error) {
      throw isUnreachable(error) ? new BrokersUnreachableError(this.config.brokers, error) : error
    } finally {
      signal.removeEventListener('abort', close)
      await transport.close()
    }
  }

  private createThreads({ processId, path }: StateDirectory, { beats }: ProcessPulse): StreamThreadHandle[] {
    const { config, module, topology, matchable, wallClock } = this
    const home = { processId, stateDirectory: path, beats }
    return Array.from({ length: config.threads }, (_, index) => {
      const events = this.eventsOf(index)
      return config.threads === 1
        ? new StreamThread(topology, config, index, processHome(config, home, wallClock), events)
        : new WorkerStreamThread({ module: module!, matchable, config, index, home }, events)
    })
  }

  private eventsOf(index: number): ThreadEvents {
    return {
      state: (state) => {
        this.threadStates.set(index, state)
        this.followThreads()
      },
      error: (error) => this.fail(error),
      warning: this.warn,
      restored: (store) => this.emit('restored', store),
      rebalanced: (changes) => this.emit('rebalanced', changes),
    }
  }

  private followThreads(): void {
    if (this.current !== 'rebalancing' && this.current !== 'running') return
    const states = [...this.threadStates.values()]
    const running = states.length === this.config.threads && states.every((state) => state === 'running')
    this.enter(running ? 'running' : 'rebalancing')
  }

  /** One thread's failure ends the client: its partitions go to other members of the group. */
  private fail(error: unknown): void {
    if (this.closing !== undefined) return
    this.closing = this.shutDown('error', DEFAULT_CLOSE_TIMEOUT_MS).catch(this.warn)
    if (this.listenerCount('error') > 0) this.emit('error', userError(error))
    // Nobody listens: that ends the process, as with every EventEmitter, but only when everything is released.
    else void this.closing.then(() => process.nextTick(() => this.emit('error', userError(error))))
  }

  /**
   * Stops intake, commits what was processed, leaves the group. Idempotent.
   *
   * @throws what kept the last commit from being made, {@link CloseTimeoutError} where it was time; the client is closed
   *   all the same
   */
  close(options: CloseOptions = {}): Promise<void> {
    this.closing ??= this.shutDown('not-running', options.timeoutMs ?? DEFAULT_CLOSE_TIMEOUT_MS)
    return this.closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  private async shutDown(final: StreamsState, timeoutMs: number): Promise<void> {
    this.enter('pending-shutdown')
    this.signal?.removeEventListener('abort', this.onAbort)
    this.ending.abort()
    const closed = Promise.allSettled(this.threads.map((thread) => closeWithin(thread, timeoutMs)))
    await Promise.allSettled([this.opened])
    const outcomes = await closed
    await this.pulse?.[Symbol.asyncDispose]()
    await this.directory?.close()
    this.enter(final)
    const failed = outcomes.find((outcome) => outcome.status === 'rejected')
    if (failed !== undefined) throw userError(failed.reason)
  }

  private enter(state: StreamsState): void {
    const before = this.current
    if (state === before) return
    this.current = state
    this.emit('state', state, before)
  }

  /**
   * Says that the input has ended: as soon as nothing is left to read of what sources with watermarks have at present,
   * their watermarks go to the end of time, so that the last windows close. Holds for all members of the application, and
   * for good: what is read later is late. Where all members stop before everything is read it is to be called again.
   * Without watermarks nothing happens.
   */
  drain(): void {
    for (const thread of this.threads) thread.drain()
  }

  /** Figures of all threads, as of the last fraction of a second. */
  metrics(): StreamsMetrics {
    return sumMetrics(this.threads.map((thread) => thread.metrics()))
  }

  /**
   * A read-only view of a store: what is committed, of the tasks that this client has. Windowed stores
   * (`store<Windowed<string>, V>`) give a window store, all others a key-value store. Rows are written when Kafka has
   * confirmed their commit, so that a view can be a moment behind what readers of the output see.
   *
   * @throws {StreamsError} `UNKNOWN_STORE` naming the stores that there are; its reads reject with `NOT_RUNNING`
   *   before the client is started and after it has ended
   */
  store<K, V>(name: string): ReadOnlyStore<K, V> {
    return storeView<K, V>(this.topology, name, () => this.runningThreads())
  }

  /**
   * A read-only view of a versioned store: what is committed, of the tasks that this client has (KIP-960).
   *
   * @throws {StreamsError} `UNKNOWN_STORE` naming the stores that there are; `STORE_KIND` if the store is not versioned
   * @example
   * ```ts
   * builder.table('prices', { key: string(), value: int32(), store: 'prices', historyRetention: '30d' })
   * await using streams = new KafkaStreams(builder.build(), { applicationId: 'prices', brokers: ['localhost:9092'] })
   * await streams.start()
   * const atNewYear = await streams.versionedStore<string, number>('prices').get('tea', Date.UTC(2026, 0, 1))
   * assert.equal(atNewYear?.value, 3)
   * ```
   */
  versionedStore<K, V>(name: string): ReadOnlyVersionedView<K, V> {
    return versionedStoreView<K, V>(this.topology, name, () => this.runningThreads())
  }

  private runningThreads(): readonly StreamThreadHandle[] {
    if (this.current === 'running' || this.current === 'rebalancing') return this.threads
    throw new StreamsError('NOT_RUNNING', `stores can be read while the client runs; it is ${this.current}`)
  }
}

/**
 * Closes a thread, or ends it when the time is over.
 *
 * @throws {CloseTimeoutError} in the latter case
 */
async function closeWithin(thread: StreamThreadHandle, timeoutMs: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const expired = new Promise<'expired'>((resolve) => {
    timer = setTimeout(() => resolve('expired'), timeoutMs)
  })
  try {
    if ((await Promise.race([thread.close(), expired])) !== 'expired') return
    await thread.terminate()
    throw new CloseTimeoutError(timeoutMs)
  } finally {
    clearTimeout(timer)
  }
}
