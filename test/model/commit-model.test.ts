import assert from 'node:assert/strict'
import { describe, it, type MockTracker } from 'node:test'
import fc from 'fast-check'
import { TimerQueue } from '../../operators/timer-queue.js'
import type { ProcessingGuarantee } from '../../src/runtime/streams-config.js'
import type { Task } from '../../src/runtime/task.js'
import { TaskManager } from '../../src/runtime/task-manager.js'
import { ShuffleWatermark } from '../../src/time/shuffle-watermark.js'
import type { WatermarkMarker } from '../../src/time/watermark-marker.js'
import type { Misfortune } from './simulated-network.js'
import { type Incident, type Plan, SESSION_TIMEOUT_MS, simulate } from './simulation.js'

/*
 * The engine itself (StreamThread and all below it), driven through interleavings that fast-check chooses, on a
 * simulated cluster, disk and clock. A failure is printed with its seed, its path and the shrunk plan; put the plan
 * into the examples.
 *
 * More runs: MILLRACE_MODEL_RUNS=5000 npm test -- commit-model
 */
const RUNS = Number(process.env.MILLRACE_MODEL_RUNS ?? 80)
/** Markers go on without records: such a run takes ten times as long. */
const WINDOW_RUNS = Math.ceil(RUNS / 10)

const process_ = fc.nat({ max: 1 })
const after = fc.oneof(
  { weight: 6, arbitrary: fc.nat({ max: 150 }) },
  { weight: 2, arbitrary: fc.integer({ min: 150, max: 4_000 }) },
  { weight: 1, arbitrary: fc.integer({ min: 4_000, max: 20_000 }) },
)

/** A process that comes back after its session has ended is a zombie; without transactions nothing fences its output. */
const freezeOf = (guarantee: ProcessingGuarantee): fc.Arbitrary<number> => {
  const pause = fc.integer({ min: 10, max: 3_000 })
  const zombie = fc.integer({ min: SESSION_TIMEOUT_MS + 500, max: SESSION_TIMEOUT_MS + 3_000 })
  return guarantee === 'at_least_once'
    ? pause
    : fc.oneof(pause, zombie, fc.integer({ min: 9_000, max: 30_000 }))
}

const incidentOf = (guarantee: ProcessingGuarantee): fc.Arbitrary<Incident> =>
  fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({
        after,
        kind: fc.constant('input' as const),
        records: fc.integer({ min: 1, max: 12 }),
      }),
    },
    {
      weight: 6,
      arbitrary: fc.record({
        after,
        kind: fc.constantFrom<'kill' | 'start' | 'stop'>('kill', 'stop', 'stop', 'start', 'start', 'start'),
        process: process_,
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        after,
        kind: fc.constant('freeze' as const),
        process: process_,
        ms: freezeOf(guarantee),
      }),
    },
    { weight: 1, arbitrary: fc.record({ after, kind: fc.constantFrom('expire' as const, 'grow' as const) }) },
  )

const misfortune: fc.Arbitrary<Misfortune> = fc.record({
  skip: fc.nat({ max: 25 }),
  fate: fc.constantFrom('lost-request', 'lost-response', 'late'),
})

/** What is the same in all plans of a property. */
type Setting = Pick<Plan, 'application' | 'guarantee' | 'transactionVersion'>

type Misadventure = Omit<Plan, keyof Setting>

const latencies = fc.array(fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 60 })), { minLength: 1, maxLength: 12 })

/** A row that takes long is the last of its step, and of those that take longer many things may come in between. */
const rowMs = fc.array(
  fc.oneof(
    { weight: 3, arbitrary: fc.constant(0) },
    { weight: 2, arbitrary: fc.nat({ max: 15 }) },
    { weight: 1, arbitrary: fc.nat({ max: 300 }) },
  ),
  { minLength: 1, maxLength: 12 },
)

const misadventure = (guarantee: ProcessingGuarantee): fc.Arbitrary<Misadventure> =>
  fc.record(
    {
      processes: fc.constantFrom(1, 2, 2),
      partitions: fc.constantFrom(2, 4),
      latencies,
      markerDelays: fc.array(fc.oneof(fc.nat({ max: 60 }), fc.nat({ max: 2_000 })), {
        minLength: 1,
        maxLength: 8,
      }),
      rowMs,
      misfortunes: fc.array(misfortune, { maxLength: 12 }),
      incidents: fc.array(incidentOf(guarantee), { maxLength: 16 }),
    },
    { noNullPrototype: true },
  )

/** A process goes and comes back, and meanwhile records are processed in transactions that are aborted. */
const comeback: fc.Arbitrary<Incident[]> = fc
  .tuple(
    fc.nat({ max: 1_500 }),
    fc.nat({ max: 300 }),
    fc.array(fc.tuple(fc.nat({ max: 300 }), fc.integer({ min: 1, max: 12 }), fc.nat({ max: 40 })), {
      minLength: 1,
      maxLength: 6,
    }),
  )
  .map(([toStop, toStart, aborted]) => [
    { after: toStop, kind: 'stop', process: 0 },
    { after: toStart, kind: 'start', process: 0 },
    ...aborted.flatMap(([toInput, records, toAbort]): Incident[] => [
      { after: toInput, kind: 'input', records },
      { after: toAbort, kind: 'expire' },
    ]),
  ])

/** Of the two tasks of each thread one moves while all start anew, again and again. */
const tasksMoveInRestarts: fc.Arbitrary<Misadventure> = fc.record(
  {
    processes: fc.constant(2),
    partitions: fc.constant(4),
    latencies,
    markerDelays: fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 4 }),
    rowMs,
    misfortunes: fc.constant([]),
    incidents: fc.array(comeback, { minLength: 1, maxLength: 5, size: 'max' }).map((each) => each.flat()),
  },
  { noNullPrototype: true },
)

const plans = (fixed: Setting): fc.Arbitrary<Plan> =>
  fc
    .oneof(
      { weight: 5, arbitrary: misadventure(fixed.guarantee) },
      { weight: 1, arbitrary: tasksMoveInRestarts },
    )
    .map((each) => ({ ...fixed, ...each }))

/** Plans that have broken the engine, or a faulty version of it, once: they run first. */
const EXAMPLES: readonly Misadventure[] = [
  // A task moves to a process whose first join was lost, while the former owner has processed what it has not committed.
  {
    processes: 2,
    partitions: 2,
    latencies: [0],
    markerDelays: [1_023],
    rowMs: [0],
    misfortunes: [{ skip: 0, fate: 'lost-request' }],
    incidents: [
      { after: 982, kind: 'input', records: 1 },
      { after: 725, kind: 'input', records: 1 },
    ],
  },
  // A process comes back as a zombie after its tasks were given away, and ends before it has tasks again.
  {
    processes: 2,
    partitions: 2,
    latencies: [2, 2, 21, 1],
    markerDelays: [1],
    rowMs: [0],
    misfortunes: [],
    incidents: [
      { after: 194, kind: 'freeze', process: 0, ms: 12_398 },
      { after: 0, kind: 'input', records: 8 },
    ],
  },
  // A process is frozen when it has asked for the offsets of its tasks, of which there are none; when it goes on and
  // restores, the state is there that their new owner has committed.
  {
    processes: 2,
    partitions: 4,
    latencies: [0, 3, 15, 28, 4, 3, 3, 4, 58, 28, 1],
    markerDelays: [15, 19, 1_141, 866, 61, 368],
    rowMs: [0],
    misfortunes: [],
    incidents: [
      { after: 65, kind: 'stop', process: 0 },
      { after: 140, kind: 'freeze', process: 1, ms: 8_424 },
    ],
  },
  // The answer to a commit is missing, and that commit is executed again when the next transaction is half written.
  {
    processes: 2,
    partitions: 4,
    latencies: [3, 0, 0, 53, 0, 49],
    markerDelays: [0, 0, 0, 630, 187],
    rowMs: [0],
    misfortunes: [
      { skip: 11, fate: 'lost-request' },
      { skip: 4, fate: 'lost-request' },
      { skip: 23, fate: 'lost-response' },
      { skip: 9, fate: 'lost-request' },
      { skip: 21, fate: 'late' },
    ],
    incidents: [{ after: 4_000, kind: 'kill', process: 0 }],
  },
]

const propertyOf = (arbitrary: fc.Arbitrary<Plan>) =>
  fc.asyncProperty(arbitrary, async (plan) => {
    await simulate(plan)
  })

async function holds(fixed: Setting, runs = RUNS): Promise<void> {
  const examples = fixed.guarantee === 'exactly_once' ? EXAMPLES : []
  await fc.assert(propertyOf(plans(fixed)), {
    numRuns: runs,
    includeErrorInReport: true,
    examples: examples.map((example): [Plan] => [{ ...fixed, ...example }]),
  })
}

describe('the commit of epochs, through crashes, zombies, rebalances and lost messages', () => {
  it('is exactly once with transactions v2', () =>
    holds({ application: 'counts', guarantee: 'exactly_once', transactionVersion: 2 }))

  it('is exactly once with transactions v1', () =>
    holds({ application: 'counts', guarantee: 'exactly_once', transactionVersion: 1 }))

  it('has each record in one window, or late, where time comes from watermarks', () =>
    holds({ application: 'windows', guarantee: 'exactly_once', transactionVersion: 2 }, WINDOW_RUNS))

  for (const transactionVersion of [1, 2] as const) {
    it(`fires triggers and timers as specified, once, in order, with transactions v${transactionVersion}`, () =>
      holds({ application: 'timers', guarantee: 'exactly_once', transactionVersion }, WINDOW_RUNS))
  }

  it('is the same run whenever the plan is the same', async () => {
    const [plan] = fc.sample(
      plans({ application: 'counts', guarantee: 'exactly_once', transactionVersion: 2 }),
      1,
    )
    assert.deepEqual(await simulate(plan!), await simulate(plan!))
  })

  it('loses nothing with at_least_once', () =>
    holds({ application: 'counts', guarantee: 'at_least_once', transactionVersion: 2 }))
})

/** A fault that the engine had once, and that the model must find if it comes back. */
interface PlantedFault {
  readonly name: string
  readonly plant: (mock: MockTracker) => void
  readonly application: Plan['application']
  /** What it needs to show itself; few of all plans come to that. */
  readonly shownBy: fc.Arbitrary<Misadventure>
}

const PLANTED_FAULTS: readonly PlantedFault[] = [
  {
    name: 'a task that finishes its restart while it is given back, and goes on processing',
    application: 'counts',
    plant: (mock) => {
      mock.method(TaskManager.prototype, 'retire', (tasks: readonly Task[]) => {
        for (const task of tasks) task.pause()
      })
    },
    shownBy: tasksMoveInRestarts,
  },
  {
    name: 'a task that goes by the first that has told it its time, and not by all that write',
    application: 'windows',
    plant: (mock) => {
      const { take } = ShuffleWatermark.prototype
      mock.method(
        ShuffleWatermark.prototype,
        'take',
        function (this: ShuffleWatermark, marker: WatermarkMarker) {
          return take.call(this, { ...marker, tasks: 1 })
        },
      )
    },
    shownBy: tasksMoveInRestarts,
  },
  {
    name: 'timers that wait for time to go on, where a task begins again in the middle of what was due',
    application: 'timers',
    plant: (mock) => {
      mock.method(TimerQueue.prototype, 'resume', () => undefined)
    },
    shownBy: tasksMoveInRestarts,
  },
]

/** One run of some thirty shows a fault. */
const SEARCH = { seed: 1, numRuns: 300, endOnFailure: true }

describe('the model finds', () => {
  for (const { name, application, plant, shownBy } of PLANTED_FAULTS) {
    it(name, async ({ mock }) => {
      plant(mock)
      const fixed = { application, guarantee: 'exactly_once', transactionVersion: 2 } as const
      const property = propertyOf(shownBy.map((each) => ({ ...fixed, ...each })))
      const { failed, errorInstance } = await fc.check(property, SEARCH)
      assert.ok(failed, 'no run breaks')
      assert.ok(errorInstance instanceof assert.AssertionError, String(errorInstance))
    })
  }
})
