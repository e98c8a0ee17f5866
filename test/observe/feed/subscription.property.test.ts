import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { EVENT_TIME_STORE, FeedWorld, STORES, sorted } from './feed-world.js'

const PARTITIONS = 2
const WORKERS = 2
const KEYS = 5

type Step = (world: FeedWorld) => void

const worker = fc.nat(WORKERS - 1)
const partition = fc.nat(PARTITIONS - 1)

/** Event time goes on with the records, so that windows expire. */
const write = fc.tuple(fc.nat(KEYS - 1), fc.nat(2), fc.nat(6), fc.integer({ min: 0, max: 3 })).map(
  ([key, later, late, kind]): Step =>
    (world) =>
      world.write(key, later, late, kind === 0),
)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 10, arbitrary: write },
  {
    weight: 1,
    arbitrary: partition.map(
      (at): Step =>
        (world) =>
          world.logs[at]!.skip(),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.tuple(worker, partition, fc.integer({ min: 1, max: 4 })).map(
      ([who, at, count]): Step =>
        (world) =>
          world.read(who, at, count),
    ),
  },
  {
    weight: 6,
    arbitrary: fc.constantFrom(1, 60, 500).map(
      (bytes): Step =>
        (world) =>
          void world.receive(bytes),
    ),
  },
  {
    weight: 2,
    arbitrary: worker.map(
      (who): Step =>
        (world) =>
          world.connect(who),
    ),
  },
  { weight: 1, arbitrary: fc.constant<Step>((world) => world.disconnect()) },
  {
    weight: 2,
    arbitrary: worker.map(
      (who): Step =>
        (world) =>
          world.moveTo(who),
    ),
  },
  {
    weight: 1,
    arbitrary: partition.map(
      (at): Step =>
        (world) =>
          world.logs[at]!.compact(),
    ),
  },
  {
    weight: 1,
    arbitrary: partition.map(
      (at): Step =>
        (world) =>
          world.logs[at]!.trim(world.store),
    ),
  },
)

const steps = fc.array(step, { minLength: 1, maxLength: 120 })

const NAMED_STORES = [
  ...STORES.map((store) => [store.kind, store] as const),
  ['window, by event time,', EVENT_TIME_STORE] as const,
]

describe('what a client holds in the end', () => {
  for (const [name, store] of NAMED_STORES) {
    for (const [room, maxBytes] of [
      ['all deletions are known', 10_000_000],
      ['deletions are forgotten', 2_400],
    ] as const) {
      test(`is what the topic makes of a ${name} store, where ${room}`, () => {
        fc.assert(
          fc.property(steps, (all) => {
            const world = new FeedWorld({ store, partitions: PARTITIONS, maxBytes })
            for (const each of all) each(world)
            const { held, expected } = world.outcome()
            assert.deepEqual(sorted(held), sorted(expected))
          }),
          { numRuns: 400 },
        )
      })
    }

    test(`is what the topic makes of a key of a ${name} store`, () => {
      fc.assert(
        fc.property(steps, (all) => {
          const world = new FeedWorld({ store, partitions: PARTITIONS, maxBytes: 2_400, query: 'key=k1' })
          for (const each of all) each(world)
          const { held, expected } = world.outcome()
          assert.deepEqual(sorted(held), sorted(expected))
        }),
        { numRuns: 150 },
      )
    })
  }
})
