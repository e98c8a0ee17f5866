import { setTimeout as pause } from 'node:timers/promises'
import type { KafkaStreams, Topology, Windowed } from '../../../src/index.js'
import { internalTopicName } from '../../../src/topology/sub-topology.js'
import { isWritten } from '../../support/processed-all.js'
import { TestApplication } from '../../support/test-application.js'
import type { TopicClient } from '../../support/topic-client.js'
import type { Vector, VectorStep } from '../../testing/vector.js'
import { driverOptions } from '../../testing/vector-config.js'
import { outputDifference, storeDifference } from '../../testing/vector-differences.js'
import { topologyOf } from '../../testing/vector-run.js'
import type { StoreReader } from '../../testing/vector-stores.js'
import { withTopicsRenamed } from './renamed-topics.js'
import { VectorTopics } from './vector-topics.js'

/**
 * What happens to the application in the middle of a script:
 *
 * - `straight`: nothing.
 * - `restarted`: it is stopped and started again.
 * - `without its state`: the same, and its state directory is deleted in between.
 */
export type Course = 'straight' | 'restarted' | 'without its state'

export const COURSES: readonly Course[] = ['straight', 'restarted', 'without its state']

const LOOK_AGAIN_MS = 4
const GIVE_UP_AFTER_MS = 60_000
/** What has nothing to do looks at its clock once in a commit interval: of a vector whose clock moves, soon. */
const SHORT_COMMIT_INTERVAL = { commitInterval: '10ms' } as const

/** A wall clock that stands still, and says whether it was looked at. */
class StillClock {
  looks = 0

  constructor(private time: number) {}

  readonly now = (): number => {
    this.looks++
    return this.time
  }

  advance(ms: number): void {
    this.time += ms
  }
}

/**
 * Runs a vector through an application on the broker, step by step: a record is written when all that the one before
 * has caused is committed, in internal topics too.
 */
export class VectorApplication {
  private readonly topology: Topology
  private readonly clock: StillClock
  private readonly sources: readonly string[]
  private readonly ends: ReadonlyMap<string, number>[] = []
  private client!: KafkaStreams

  /**
   * @param topics those of the run; they exist
   * @param restarts the steps before which it is stopped and started again
   */
  constructor(
    private readonly vector: Vector,
    private readonly topics: VectorTopics,
    private readonly application: TestApplication,
    private readonly restarts: ReadonlySet<number>,
    private readonly course: Course,
  ) {
    this.topology = withTopicsRenamed(topologyOf(vector), topics.named)
    this.clock = new StillClock(vector.initialWallClockMs ?? 0)
    this.sources = this.topology.subTopologies.flatMap(({ sourceTopics, repartitionSources }) => [
      ...sourceTopics,
      ...repartitionSources.map(({ name }) => internalTopicName(application.applicationId, name)),
    ])
  }

  /** @returns the first difference from what the vector expects; undefined where there is none */
  async run(): Promise<string | undefined> {
    const { vector, topics } = this
    await topics.open()
    await this.start()
    for (const [index, step] of vector.steps.entries()) {
      if (this.restarts.has(index)) await this.restart()
      const fails = index === vector.expectedError?.stepIndex
      await this.take(step, fails)
      this.ends.push(await topics.outputEnds())
      if (fails) break
    }
    const difference = outputDifference(await topics.read(this.ends), vector.expected)
    if (difference !== undefined || this.failed) return difference
    return storeDifference(this.stores(), vector)
  }

  private async start(): Promise<void> {
    const { application, topology, clock } = this
    this.client = application.streams(topology, this.options(), undefined, clock.now)
    await this.client.start()
    await this.until('it runs', () => this.client.state === 'running')
  }

  private options() {
    const { strictValues: _, initialWallClock: __, ...same } = driverOptions(this.vector)
    const clockMoves = this.vector.steps.some(({ op }) => op !== 'pipe')
    return { ...same, ...(clockMoves && SHORT_COMMIT_INTERVAL) }
  }

  private async restart(): Promise<void> {
    await this.client.close()
    if (this.course === 'without its state') await this.application.deleteState()
    await this.start()
  }

  /** Takes a step to its end: everything is committed, or, where the step fails, the application has stopped. */
  private async take(step: VectorStep, fails: boolean): Promise<void> {
    if (step.op === 'pipe') await this.topics.pipe(step)
    else await this.advance(step.ms)
    if (fails) await this.until('it fails', () => this.failed)
    else await this.drained()
  }

  private async advance(ms: number): Promise<void> {
    const { clock } = this
    clock.advance(ms)
    const before = clock.looks
    await this.until('it has seen the time', () => clock.looks > before && this.client.metrics().pendingBytes === 0)
  }

  private async drained(): Promise<void> {
    for (;;) {
      const { commits } = this.client.metrics()
      if (await this.topics.drainedBy(this.application.applicationId, this.sources)) break
      await this.until('it commits', () => this.client.metrics().commits !== commits)
    }
    await this.until('its stores have it', () => isWritten(this.client))
  }

  private get failed(): boolean {
    return this.application.failures.length > 0
  }

  private async until(what: string, holds: () => boolean): Promise<void> {
    const deadline = performance.now() + GIVE_UP_AFTER_MS
    while (!holds()) {
      if (this.failed) throw this.application.failures[0]
      if (performance.now() > deadline) throw new Error(`not within ${GIVE_UP_AFTER_MS} ms: ${what}`)
      await pause(LOOK_AGAIN_MS)
    }
  }

  private stores(): StoreReader {
    const { client } = this
    return {
      keyValueStore: (name) => ({ all: () => client.store<unknown, unknown>(name).stream() }),
      windowStore: (name) => ({
        all: () => client.store<Windowed<unknown>, unknown>(name).stream(0, Number.MAX_SAFE_INTEGER),
      }),
      versionedStore: (name) => client.versionedStore(name),
    }
  }
}
