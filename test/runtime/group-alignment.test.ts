import assert from 'node:assert/strict'
import { beforeEach, describe, it, type TestContext } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { GroupAlignment } from '../../src/runtime/group-alignment.js'
import type { CommittedProgress, GroupProgress } from '../../src/runtime/group-progress.js'
import type { Task } from '../../src/runtime/task.js'
import { Watermarks } from '../../src/time/watermark-strategy.js'
import type { SubTopology } from '../../src/topology/sub-topology.js'
import { SimulatedGroup } from '../support/aligned-group.js'

const DRIFT = 10
const alignment = { group: 'group', maxDrift: DRIFT }

/** A topology whose topic is aligned, or not. */
const reading = (aligned: boolean) =>
  [
    {
      nodes: [
        {
          kind: 'source',
          topics: ['input'],
          watermark: aligned
            ? Watermarks.monotonous().withAlignment('group', DRIFT)
            : Watermarks.monotonous(),
        },
      ],
    },
  ] as unknown as SubTopology[]

/** A partition that is read here. */
class Input {
  readonly topic = 'input'
  readonly alignment = alignment
  readonly idle = false
  readonly lag = 1
  limit = Number.POSITIVE_INFINITY
  limitedBy: unknown

  constructor(
    readonly partition: number,
    public eventTime: number,
  ) {}

  get held(): boolean {
    return this.eventTime > this.limit
  }
}

describe('a thread whose partitions are aligned with those of others', () => {
  let now = 0
  let ends: number[] = []
  let committed = new Map<string, CommittedProgress>()
  let inputs: Input[] = []
  let failure: Error | undefined
  let asked: string[] = []
  let failures: unknown[] = []

  const progress: GroupProgress = {
    async ends() {
      asked.push('ends')
      if (failure !== undefined) throw failure
      return ends.map((end, partition) => ({ topic: 'input', partition, end }))
    },
    async committed(partitions) {
      asked.push(partitions.map(({ partition }) => partition).join(' '))
      if (failure !== undefined) throw failure
      return committed
    },
  }
  const tasks = (): readonly Task[] => inputs.map((input) => ({ alignedInputs: [input] }) as unknown as Task)

  const start = (t: TestContext, aligned = true): GroupAlignment => {
    t.mock.method(performance, 'now', () => now)
    return new GroupAlignment(
      reading(aligned),
      progress,
      tasks,
      () => {},
      (error) => failures.push(error),
    )
  }
  /** Lets time pass, and a look come to its end if one begins. @returns which partitions are held */
  const after = async (ms: number, of: GroupAlignment): Promise<number[]> => {
    now += ms
    of.align(tasks())
    of.poll()
    await turn()
    of.align(tasks())
    return inputs.filter(({ held }) => held).map(({ partition }) => partition)
  }

  beforeEach(() => {
    now = 1000
    ends = [10, 10, 10]
    committed = new Map()
    inputs = [new Input(0, 100)]
    failure = undefined
    asked = []
    failures = []
  })

  it('waits for a partition that another one reads, by what is committed of it', async (t) => {
    const group = start(t)
    committed.set('input-1', { offset: 4, eventTime: 50 })
    assert.deepEqual(await after(0, group), [0])
    committed.set('input-1', { offset: 5, eventTime: 90 })
    assert.deepEqual(await after(500, group), [])
  })

  it('reads nothing on before it has heard of the others', (t) => {
    const group = start(t)
    inputs.push(new Input(1, -1))
    group.align(tasks())
    assert.deepEqual(
      inputs.map(({ held }) => held),
      [true, false],
    )
  })

  it('goes by what it knows itself where it reads a partition', async (t) => {
    const group = start(t)
    committed.set('input-1', { offset: 4, eventTime: 50 })
    inputs.push(new Input(1, 95))
    assert.deepEqual(await after(0, group), [])
    assert.deepEqual(asked, ['ends', '2'])
  })

  it('waits for one of its own that is being restored where it was committed', async (t) => {
    const group = start(t)
    inputs.push(new Input(1, 95))
    committed.set('input-1', { offset: 4, eventTime: 50 })
    assert.deepEqual(await after(0, group), [])
    inputs.pop()
    assert.deepEqual(await after(500, group), [0])
  })

  it('does not wait for partitions that are at their end, empty, or were never committed', async (t) => {
    const group = start(t)
    ends = [10, 10, 0, 10]
    committed.set('input-1', { offset: 10, eventTime: 50 })
    committed.set('input-3', { offset: 4, eventTime: -1 })
    assert.deepEqual(await after(0, group), [])
  })

  it('does not wait where records come one by one and are committed soon after', async (t) => {
    const group = start(t)
    committed.set('input-1', { offset: 10, eventTime: 50 })
    await after(0, group)
    for (let second = 0; second < 10; second++) {
      ends[1]!++
      committed.set('input-1', { offset: ends[1]! - 1, eventTime: 50 + second })
      assert.deepEqual(await after(1000, group), [], `second ${second}`)
    }
  })

  it('waits where what was there a second or two ago is not read', async (t) => {
    const group = start(t)
    committed.set('input-1', { offset: 10, eventTime: 50 })
    await after(0, group)
    ends[1] = 1000
    await after(5000, group)
    const held: number[][] = []
    for (let look = 0; look < 5; look++) held.push(await after(500, group))
    assert.deepEqual(held, [[], [], [0], [0], [0]])
  })

  it('looks every half second, and five times as often at first and while a partition is held', async (t) => {
    const group = start(t)
    const looks = async (ms: number): Promise<number> => {
      asked = []
      for (let passed = 0; passed < ms; passed += 10) await after(10, group)
      return asked.filter((what) => what !== 'ends').length
    }
    assert.equal(await looks(5000), 50, 'others may be about to begin')
    assert.equal(await looks(2000), 4)
    committed.set('input-1', { offset: 4, eventTime: 50 })
    await looks(500)
    assert.equal(await looks(2000), 20)
  })

  it('looks less often for many partitions', async (t) => {
    const group = start(t)
    ends = Array.from({ length: 2000 }, () => 10)
    await after(0, group)
    for (const [ms, looks] of [
      [1990, 2],
      [10, 4],
    ] as const) {
      await after(ms, group)
      assert.equal(asked.length, looks)
    }
  })

  it('hardly looks while it reads everything itself, and not at all where nothing is aligned', async (t) => {
    const group = start(t)
    inputs = ends.map((_, partition) => new Input(partition, 100))
    for (let passed = 0; passed < 20_000; passed += 100) await after(100, group)
    assert.deepEqual(asked, ['ends', 'ends', 'ends', 'ends'])
    asked = []
    await after(10_000, start(t, false))
    assert.deepEqual(asked, [])
  })

  it('commits at least once a second, so that others hear of it', (t) => {
    const commits = (intervalMs: number, group: GroupAlignment): number =>
      group.announcing({ commitIntervalMs: intervalMs }).commitIntervalMs
    assert.equal(commits(30_000, start(t)), 1000)
    assert.equal(commits(100, start(t)), 100)
    assert.equal(commits(30_000, start(t, false)), 30_000)
  })

  it('waits for nobody of whom nothing can be heard for ten seconds, and tells why once', async (t) => {
    const group = start(t)
    committed.set('input-1', { offset: 4, eventTime: 50 })
    await after(0, group)
    failure = new Error('no answer')
    const held: number[] = []
    for (let passed = 0; passed < 12_000; passed += 100) held.push((await after(100, group)).length)
    assert.deepEqual([held.indexOf(0), held.lastIndexOf(1)], [99, 98])
    assert.deepEqual(failures, [failure])
    failure = undefined
    assert.deepEqual(await after(500, group), [0])
  })
})

describe('a group whose partitions are aligned', () => {
  const simulate = (
    t: TestContext,
    partitions: readonly number[][],
    rates: readonly number[],
    options = {},
  ) => {
    const group = new SimulatedGroup(
      partitions.map((log, at) => ({ log, recordsPerSecond: rates[at]! })),
      { maxDrift: 1000, commitIntervalMs: 100, commitTakesMs: 20, ...options },
    )
    t.mock.method(performance, 'now', () => group.now)
    return group
  }
  const every = (apart: number, count: number): number[] =>
    Array.from({ length: count }, (_, at) => at * apart)
  const finish = async (group: SimulatedGroup, withinMs: number): Promise<void> => {
    while (!group.finished) {
      await group.step()
      assert.ok(group.now <= withinMs, `not at the end after ${withinMs} ms`)
    }
  }

  it('reads a backlog as fast as its slowest member can, though that is many drifts between two commits', async (t) => {
    // A day of event time in a second, of which the drift is the 86,400th part.
    const log = every(10_000, 86_400)
    for (const commitIntervalMs of [100, 1000]) {
      const group = simulate(t, [log, log, log, log], [8640, 8640, 10_000, 20_000], { commitIntervalMs })
      // A few seconds to find the pace.
      await finish(group, 10_000 + 4_000)
    }
  })

  it('keeps what is fast by what is slow, within the drift or a few seconds of reading', async (t) => {
    const group = simulate(t, [every(100, 1000), every(100, 50_000)], [100, 10_000], { begun: true })
    const [slow, fast] = group.inputs
    while (slow!.lag > 0) {
      await group.step()
      // Four times what it reads between two looks.
      assert.ok(fast!.eventTime - slow!.eventTime <= 4 * 5000 + 100)
    }
    await finish(group, 16_000)
  })

  it('comes to an end, whoever dies, and pauses the slowest only until it has heard so', async (t) => {
    const aPartition = fc.record({
      steps: fc.array(fc.oneof(fc.nat(500), fc.nat(50_000)), { minLength: 1, maxLength: 40 }),
      recordsPerSecond: fc.integer({ min: 5, max: 200 }),
    })
    const aDeath = fc.record({ at: fc.integer({ min: 1, max: 400 }), partition: fc.nat(4), heir: fc.nat(4) })
    const options = fc.record({
      maxDrift: fc.constantFrom(1, 1000, 20_000),
      commitIntervalMs: fc.constantFrom(100, 300, 1000),
      commitTakesMs: fc.integer({ min: 0, max: 150 }),
    })
    await fc.assert(
      fc.asyncProperty(
        fc.array(aPartition, { minLength: 2, maxLength: 5 }),
        options,
        fc.option(aDeath, { nil: undefined }),
        async (partitions, timing, death) => {
          const logs = partitions.map(({ steps }) => summedUp(steps))
          const rates = partitions.map(({ recordsPerSecond }) => recordsPerSecond)
          const group = simulate(t, logs, rates, timing)
          const patience = timing.commitIntervalMs + timing.commitTakesMs + 250
          const dies = death === undefined ? undefined : death.partition % partitions.length
          let paused = 0
          for (let step = 1; !group.finished; step++) {
            if (step === death?.at) group.kill(dies!)
            if (step === (death?.at ?? 0) + 200 && dies !== undefined) {
              group.assign(death!.heir % partitions.length, dies)
              paused = 0
            }
            await group.step()
            paused = group.complete && group.slowest?.held === true ? paused + 10 : 0
            assert.ok(paused <= patience, `the slowest is paused for ${paused} ms`)
            assert.ok(group.now < 120_000, 'there is no end')
          }
        },
      ),
      { numRuns: 60 },
    )
  })
})

/** Timestamps by what lies between them. */
function summedUp(steps: readonly number[]): number[] {
  let time = 0
  return steps.map((step) => {
    time += step
    return time
  })
}
