import { EventEmitter } from 'node:events'
import type { CodedError } from '../errors/coded-error.js'
import { StateDirectory } from '../state/state-directory.js'
import type { WallClock } from '../time/wall-clock.js'
import { withMatchedTopics } from '../topology/matched-topics.js'
import type { Topology } from '../topology/topology.js'
import { stopApplication } from './application-stop.js'
import { atBrokers } from './at-brokers.js'
import { prepareInternalTopics } from './internal-topic-manager.js'
import { loadTopology } from './load-topology.js'
import { matchableTopics } from './matchable-topics.js'
import { ProcessPulse } from './process-pulse.js'
import { requireLimitedTopics } from './rate-limit-options.js'
import type { RestoredStore } from './restored-store.js'
import { openSerdes } from './serde-uses.js'
import {
  type ReadOnlyStore,
  type ReadOnlyVersionedView,
  storeView,
  versionedStoreView,
} from './store-views.js'
import { type StreamsMetrics, sumMetrics } from './stream-metrics.js'
import { StreamThread } from './stream-thread.js'
import type { StreamThreadHandle, ThreadEvents } from './stream-thread-handle.js'
import { compileOptions, type KafkaStreamsOptions, type StreamsConfig } from './streams-config.js'
import { ConfigError, StreamsError } from './streams-error.js'
import { optionValue } from './streams-options.js'
import type { TaskChanges } from './task-changes.js'
import { processHome, type SharedHome } from './thread-home.js'
import { ThreadPool } from './thread-pool.js'
import type { ThreadState } from './thread-state.js'
import {
  ApplicationStoppedError,
  ThreadReplacedError,
  type UncaughtExceptionHandler,
  type UncaughtExceptionResponse,
} from './uncaught-exception-handler.js'
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

const DEFAULT_CLOSE_TIMEOUT_MS = 30_000

/** What others of the library need of a client, and applications do not: it may have credentials in it. */
export interface StreamsSurroundings {
  readonly config: StreamsConfig
  /** Has the client tell a warning. */
  warn(error: unknown): void
}

export let surroundingsOf: (streams: KafkaStreams) => StreamsSurroundings

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
  private readonly uncaughtExceptionHandler: UncaughtExceptionResponse | UncaughtExceptionHandler
  private described: Topology
  private pool: ThreadPool | undefined
  private readonly threadStates = new Map<number, ThreadState>()
  private directory: StateDirectory | undefined
  private pulse: ProcessPulse | undefined
  /** What the threads share, once there are any. */
  private home: SharedHome | undefined
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

  static {
    surroundingsOf = ({ config, warn }) => ({ config, warn })
  }

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
    requireLimitedTopics(this.config.rateLimits, topology)
    this.uncaughtExceptionHandler = optionValue('uncaughtExceptionHandler', options.uncaughtExceptionHandler)
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
    // Worker threads open those of the topologies that they load.
    if (this.config.threads > 1)
      await openSerdes(this.topology, this.applicationId, { signal, warn: this.warn })
    this.pulse = ProcessPulse.start(this.warn)
    const home = {
      processId: this.directory.processId,
      stateDirectory: this.directory.path,
      beats: this.pulse.beats,
    }
    const create = (index: number): StreamThreadHandle => this.createThread(index, home)
    const failed = (error: unknown, index: number): void => this.threadFailed(error, index)
    this.home = home
    this.pool = new ThreadPool(this.config.threads, create, failed, this.warn)
    await this.pool.start()
  }

  private get threads(): readonly StreamThreadHandle[] {
    return this.pool?.threads ?? []
  }

  private prepareTopics(signal: AbortSignal): Promise<void> {
    const { config, topology, warn } = this
    return atBrokers(config, { name: 'admin', warn, signal }, async (transport) => {
      this.matchable = await matchableTopics(transport, topology, config.applicationId)
      this.described = withMatchedTopics(topology, this.matchable)
      await prepareInternalTopics(transport, this.topology, config)
    })
  }

  private createThread(index: number, home: SharedHome): StreamThreadHandle {
    const { config, module, topology, matchable, wallClock } = this
    const events = this.eventsOf(index)
    return config.threads === 1
      ? new StreamThread(topology, config, index, processHome(config, home, wallClock), events)
      : new WorkerStreamThread({ module: module!, matchable, config, index, home }, events)
  }

  private eventsOf(index: number): ThreadEvents {
    return {
      state: (state) => {
        this.threadStates.set(index, state)
        this.followThreads()
      },
      error: (error) => this.threadFailed(error, index),
      warning: this.warn,
      restored: (store) => this.emit('restored', store),
      rebalanced: (changes) => this.emit('rebalanced', changes),
      applicationStopped: (reason) => this.fail(new ApplicationStoppedError(this.applicationId, reason)),
    }
  }

  private followThreads(): void {
    if (this.current !== 'rebalancing' && this.current !== 'running') return
    const states = [...this.threadStates.values()]
    const running = states.length === this.config.threads && states.every((state) => state === 'running')
    this.enter(running ? 'running' : 'rebalancing')
  }

  private threadFailed(failure: unknown, index: number): void {
    if (this.closing !== undefined) return
    const error = userError(failure)
    switch (this.responseTo(error, index)) {
      case 'replace-thread':
        this.warn(new ThreadReplacedError(index, error))
        this.pool?.replace(index)
        break
      case 'shutdown-client':
        this.fail(error)
        break
      case 'shutdown-application':
        this.fail(error, () => this.stopOthers(`${error.code} in thread ${index} of another process`))
        break
    }
  }

  private responseTo(error: CodedError, index: number): UncaughtExceptionResponse {
    const { uncaughtExceptionHandler: handler } = this
    if (typeof handler !== 'function') return handler
    try {
      return checkedResponse(handler(error, index))
    } catch (problem) {
      this.warn(problem)
      return 'shutdown-client'
    }
  }

  /** Asks the other members of the application to end. */
  private async stopOthers(reason: string): Promise<void> {
    const { config, topology, home, wallClock, warn } = this
    if (home === undefined) return
    const own = processHome(config, home, wallClock)
    await stopApplication({ config, topology, home: own, reason, warn }).catch(warn)
  }

  /** Ends the client: its partitions go to other members of the group. */
  private fail(error: CodedError, before: () => Promise<void> = () => Promise.resolve()): void {
    if (this.closing !== undefined) return
    this.enter('pending-shutdown')
    this.closing = before().then(() => this.shutDown('error', DEFAULT_CLOSE_TIMEOUT_MS).catch(this.warn))
    if (this.listenerCount('error') > 0) this.emit('error', error)
    // Nobody listens: that ends the process, as with every EventEmitter, but only when everything is released.
    else void this.closing.then(() => process.nextTick(() => this.emit('error', error)))
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
    const closed = this.pool?.close(timeoutMs)
    await Promise.allSettled([this.opened])
    const failure = await closed
    await this.pulse?.[Symbol.asyncDispose]()
    await this.directory?.close()
    this.enter(final)
    if (failure !== undefined) throw userError(failure)
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

const checkedResponse = (response: unknown): UncaughtExceptionResponse =>
  optionValue('uncaughtExceptionHandler', response ?? '') as UncaughtExceptionResponse
