import type { DropReason } from '../../operators/processor.js'
import type { ExceptionHandlers } from '../runtime/exception-handlers.js'
import { ProcessingGraph } from '../runtime/processing-graph.js'
import { readOnly } from '../runtime/read-only-store.js'
import { openSerdes, serdeUses } from '../runtime/serde-uses.js'
import { Signal } from '../runtime/signal.js'
import { StreamsError } from '../runtime/streams-error.js'
import type { ReadOnlyKeyValueStore, ReadOnlyWindowStore } from '../state/queries.js'
import type { ReadOnlyVersionedStore } from '../state/versioned-view.js'
import { type Duration, parseDuration } from '../time/duration.js'
import type { Topology } from '../topology/topology.js'
import { DriverQueue } from './driver-queue.js'
import { DriverSender } from './driver-sender.js'
import { DriverState, type DriverStateOptions } from './driver-state.js'
import { DriverTime } from './driver-time.js'
import { openAtOnce, openTopicSerdes, TEST_APPLICATION } from './open-at-once.js'
import { type InputTopicOptions, TestInputTopic } from './test-input-topic.js'
import { TestOutputTopic } from './test-output-topic.js'
import type { RawRecord, TopicSerdes } from './test-record.js'

/** How a topology is tested. */
export interface TopologyTestDriverOptions extends ExceptionHandlers {
  /** Bytes of the record cache. Default: 0, every update is handed on. */
  readonly cacheMaxBytes?: number
  /** Where the wall clock begins, epoch milliseconds. Default: 0. It moves only by `advanceWallClock`. */
  readonly initialWallClock?: number
  /**
   * Whether stored values go through their serdes at every write and are frozen. Default: true. It finds functions
   * that change an aggregate in place, and values that their serdes do not give back.
   */
  readonly strictValues?: boolean
  /** The least wall time between two looks for windows that have closed (`emitStrategy`). Default: 0, each record. */
  readonly emitInterval?: Duration
}

const TASK = '0_0'
/** Answers tell of themselves; this only bounds a wait in vain. */
const MAX_WAIT_MS = 1000

interface WallClock {
  /** Epoch milliseconds. */
  now: number
}

/** State that was opened before its driver. */
interface DiskState {
  readonly state: DriverState
  readonly wallClock: WallClock
}

const wallClockOf = ({ initialWallClock = 0 }: TopologyTestDriverOptions): WallClock => ({
  now: initialWallClock,
})

const stateOptions = (
  topology: Topology,
  { cacheMaxBytes = 0 }: TopologyTestDriverOptions,
  wallClock: WallClock,
): DriverStateOptions => ({ topology, taskId: TASK, cacheMaxBytes, now: () => wallClock.now })

/**
 * Runs a topology without a broker: the operators, serdes and stores of production, in one task with one partition
 * a topic, one record at a time. When `pipe` returns, all that the record causes has happened, repartition topics
 * included, and is committed. Deterministic. (Kafka Streams' class of the same name.)
 *
 * It does not show what several partitions, tasks or a rebalance do.
 *
 * @example
 * ```ts
 * using driver = new TopologyTestDriver(builder.build())
 * const flights = driver.createInputTopic('flights', { key: string(), value: json<Flight>() })
 * const delays = driver.createOutputTopic('delays', { key: string(), value: json<Delay>() })
 * flights.pipe('SFO', { delay: 10 }, { timestamp: 0 })
 * assert.deepEqual(delays.readKeyValues(), [['SFO', { flights: 1, delay: 10 }]])
 * ```
 */
export class TopologyTestDriver implements Disposable, AsyncDisposable {
  private readonly graph: ProcessingGraph
  private readonly state: DriverState
  private readonly sender = new DriverSender()
  private readonly queue = new DriverQueue()
  private readonly outputs = new Map<string, RawRecord[]>()
  private readonly produced = new Set<string>()
  private readonly drops = new Map<string, number>()
  private readonly wallClock: WallClock
  private readonly time: DriverTime
  private readonly answers = new Signal()
  private failure: unknown

  /**
   * @param state internal: {@link onDisk} gives it
   * @throws {StreamsError} `ASYNC_SERDE` if a serde has to ask a schema registry that does not answer at once
   */
  constructor(
    readonly topology: Topology,
    options: TopologyTestDriverOptions = {},
    state?: DiskState,
  ) {
    const { subTopologies, globals } = topology
    if (state === undefined) openAtOnce(serdeUses(topology, TEST_APPLICATION))
    const globalStores = new Set(globals.flatMap(({ stores }) => stores.map(({ name }) => name)))
    this.wallClock = state?.wallClock ?? wallClockOf(options)
    this.state = state?.state ?? DriverState.inMemory(stateOptions(topology, options, this.wallClock))
    this.graph = new ProcessingGraph([...globals, ...subTopologies], {
      taskId: TASK,
      store: (name) => this.state.store(name),
      globalStore: (name) => (globalStores.has(name) ? readOnly(this.state.store(name)) : undefined),
      sender: this.sender,
      dropped: (node, reason) => this.countDrop(node, reason),
      strictValues: options.strictValues ?? true,
      exceptions: options,
      now: () => this.wallClock.now,
      emitInterval: parseDuration('emitInterval', options.emitInterval ?? 0),
      answerCame: () => this.answers.notify(),
    })
    this.graph.reset()
    this.time = new DriverTime(this.graph, () => this.wallClock.now)
  }

  /**
   * A driver that keeps its state in LevelDB, as production does, in a directory that is made where there is none. What
   * a directory holds already is where the driver goes on. After each record, {@link settle} is to be awaited: it
   * writes what has changed, and from then on that is read from disk.
   *
   * @example
   * ```ts
   * await using driver = await TopologyTestDriver.onDisk(builder.build(), directory)
   * driver.createInputTopic('flights', flightSerdes).pipe('SFO', { delay: 10 })
   * await driver.settle()
   * ```
   */
  static async onDisk(
    topology: Topology,
    directory: string,
    options: TopologyTestDriverOptions = {},
  ): Promise<TopologyTestDriver> {
    const wallClock = wallClockOf(options)
    await openSerdes(topology, TEST_APPLICATION)
    const state = await DriverState.onDisk(stateOptions(topology, options, wallClock), directory)
    return new TopologyTestDriver(topology, options, { state, wallClock })
  }

  /**
   * A topic for the test to write.
   *
   * @throws {StreamsError} `UNKNOWN_TOPIC` if the topology does not read it; `ASYNC_SERDE` as the constructor
   */
  createInputTopic<K, V>(name: string, options: InputTopicOptions<K, V>): TestInputTopic<K, V> {
    if (!this.graph.reads(name)) {
      const known = this.graph.sourceTopics.join(', ')
      throw new StreamsError('UNKNOWN_TOPIC', `the topology does not read topic ${name}; it reads ${known}`)
    }
    openTopicSerdes(options, name, 'write')
    const startTime = options.startTime ?? this.wallClock.now
    return new TestInputTopic(name, options, startTime, (record) => this.pipe(name, record))
  }

  /** A topic for the test to read, whether anything is in it yet or not. Topics made twice share what is unread. */
  createOutputTopic<K, V>(name: string, serdes: TopicSerdes<K, V>): TestOutputTopic<K, V> {
    openTopicSerdes(serdes, name, 'read')
    return new TestOutputTopic(name, serdes, this.output(name))
  }

  /** The topics that something was written to, repartition topics included, in the order of their first record. */
  get producedTopics(): readonly string[] {
    return [...this.produced]
  }

  /** A key-value store of the topology, as it is after the last record. Throws if there is none of the name. */
  keyValueStore<K, V>(name: string): ReadOnlyKeyValueStore<K, V> {
    return this.state.keyValueStore(name)
  }

  /** A window store of the topology, as it is after the last record. Throws if there is none of the name. */
  windowStore<K, V>(name: string): ReadOnlyWindowStore<K, V> {
    return this.state.windowStore(name)
  }

  /** A versioned store of the topology, as it is after the last record. Throws if there is none of the name. */
  versionedStore<K, V>(name: string): ReadOnlyVersionedStore<K, V> {
    return this.state.versionedStore(name)
  }

  /** How many records were dropped, by operator and reason: `KSTREAM-AGGREGATE-0000000001: late`. */
  get droppedRecords(): ReadonlyMap<string, number> {
    return this.drops
  }

  /**
   * How far event time has come at the topics that are read, epoch milliseconds: the least of their watermarks, idle ones left
   * out; of several sub-topologies that of the first with watermarks. Undefined: nothing is known of one of its topics yet,
   * or none has watermarks.
   */
  get watermark(): number | undefined {
    return this.graph.watermark
  }

  /** Moves the wall clock on; schedules on it that are due fire, each once, and timers of processing time. */
  advanceWallClock(by: Duration): void {
    this.wallClock.now += parseDuration('advanceWallClock', by)
    this.run(() => {
      const moved = this.time.tick() || this.graph.unfinished
      this.finish()
      if (this.fireWallClock() || moved) this.commit()
    })
  }

  /** Fires what the wall clock has due, and what timers set that is due then. @returns whether anything was */
  private fireWallClock(): boolean {
    let fired = false
    while (this.graph.fireWallClock()) {
      this.finish()
      fired = true
    }
    return fired
  }

  /**
   * Ends the input: watermarks go to the end of time, so that every window closes. What is piped afterwards is late.
   * Without watermarks nothing happens.
   */
  drain(): void {
    this.run(() => {
      if (!this.time.end()) return
      this.finish()
      this.commit()
    })
  }

  /**
   * Waits for the answers to all calls of asynchronous operators (`mapAsync` and the like) and for all that these cause,
   * further calls included. Calls go by the driver's clock: one that waits to be made again, or for a circuit breaker, is
   * made when {@link advanceWallClock} has moved it on, and times out likewise; such are not waited for. What is piped
   * beyond the capacity of an operator is processed when there is room.
   *
   * @example
   * ```ts
   * flights.pipe('SFO', { delay: 10 })
   * await driver.answered()
   * assert.deepEqual(priced.readKeyValues(), [['SFO', { delay: 10, price: 99 }]])
   * ```
   */
  async answered(): Promise<void> {
    this.run(() => undefined)
    while (this.graph.calling) {
      await this.answers.wait(MAX_WAIT_MS)
      this.run(() => undefined)
    }
  }

  private takeAnswers(): void {
    this.finish()
    this.commit()
  }

  /** Writes what has changed to disk; with state in memory there is nothing to do. */
  async settle(): Promise<void> {
    if (this.failure === undefined) await this.state.settle()
  }

  close(): void {
    this.graph.close()
  }

  [Symbol.dispose](): void {
    this.close()
  }

  /** Closes the driver and its state on disk. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close()
    await this.state.close()
  }

  private pipe(topic: string, record: RawRecord): void {
    this.run(() => {
      this.time.read(topic)
      this.queue.add(topic, record)
    })
  }

  /** Does something, and then all that it causes. */
  private run(begin: () => void): void {
    if (this.failure !== undefined) {
      throw new StreamsError('DRIVER_FAILED', 'the topology failed at an earlier record', {
        cause: this.failure,
      })
    }
    try {
      begin()
      if (this.graph.unfinished) this.takeAnswers()
      this.runQueue()
    } catch (error) {
      this.failure = error
      throw error
    }
  }

  private runQueue(): void {
    while (!this.graph.full) {
      const next = this.queue.take()
      if (next === undefined) break
      const source = this.graph.source(next.topic)
      if (source.process(next.view, 0) === 'awaited') throw source.awaits
      this.finish()
      this.commit()
    }
  }

  private finish(): void {
    while (this.graph.unfinished) this.graph.goOn()
  }

  private commit(): void {
    this.state.flush()
    this.state.commit()
    for (const { topic, record } of this.sender.take()) {
      this.produced.add(topic)
      this.output(topic).push(record)
      if (this.graph.reads(topic)) this.queue.add(topic, record)
    }
    for (const { topic, record } of this.time.markers()) this.queue.add(topic, record)
  }

  private output(topic: string): RawRecord[] {
    const present = this.outputs.get(topic)
    if (present !== undefined) return present
    const records: RawRecord[] = []
    this.outputs.set(topic, records)
    return records
  }

  private countDrop(node: string, reason: DropReason): void {
    const id = `${node}: ${reason}`
    this.drops.set(id, (this.drops.get(id) ?? 0) + 1)
  }
}
