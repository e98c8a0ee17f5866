import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { ProcessingGuarantee } from '../../src/runtime/streams-config.js'
import type { Misfortune } from './simulated-network.js'
import { type Incident, type Plan, SESSION_TIMEOUT_MS, simulate } from './simulation.js'

/*
 * The engine itself (StreamThread and all below it), driven through interleavings that fast-check chooses, on a
 * simulated cluster, disk and clock. A failure is printed with its seed, its path and the shrunk plan; put the plan
 * into the examples below.
 *
 * More runs: MILLRACE_MODEL_RUNS=5000 npm test -- commit-model
 */
const RUNS = Number(process.env.MILLRACE_MODEL_RUNS ?? 100)

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
    { weight: 1, arbitrary: fc.record({ after, kind: fc.constant('expire' as const) }) },
  )

const misfortune: fc.Arbitrary<Misfortune> = fc.record({
  skip: fc.nat({ max: 25 }),
  fate: fc.constantFrom('lost-request', 'lost-response', 'late'),
})

const plans = (fixed: Pick<Plan, 'guarantee' | 'transactionVersion'>): fc.Arbitrary<Plan> =>
  fc.record(
    {
      guarantee: fc.constant(fixed.guarantee),
      transactionVersion: fc.constant(fixed.transactionVersion),
      processes: fc.constantFrom(1, 2, 2),
      latencies: fc.array(fc.oneof(fc.nat({ max: 5 }), fc.nat({ max: 60 })), { minLength: 1, maxLength: 12 }),
      markerDelays: fc.array(fc.oneof(fc.nat({ max: 60 }), fc.nat({ max: 2_000 })), {
        minLength: 1,
        maxLength: 8,
      }),
      misfortunes: fc.array(misfortune, { maxLength: 12 }),
      incidents: fc.array(incidentOf(fixed.guarantee), { maxLength: 16 }),
    },
    { noNullPrototype: true },
  )

async function holds(
  fixed: Pick<Plan, 'guarantee' | 'transactionVersion'>,
  examples: readonly Plan[] = [],
): Promise<void> {
  await fc.assert(fc.asyncProperty(plans(fixed), simulate), {
    numRuns: RUNS,
    includeErrorInReport: true,
    examples: examples.map((plan): [Plan] => [plan]),
  })
}

describe('the commit of epochs, through crashes, zombies, rebalances and lost messages', () => {
  it('is exactly once with transactions v2', () =>
    holds({ guarantee: 'exactly_once', transactionVersion: 2 }))

  it('is exactly once with transactions v1', () =>
    holds({ guarantee: 'exactly_once', transactionVersion: 1 }))

  it('loses nothing with at_least_once', () => holds({ guarantee: 'at_least_once', transactionVersion: 2 }))
})
