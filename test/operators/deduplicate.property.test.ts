import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { string } from '../../src/serdes/string.js'
import { TopologyTestDriver, type TopologyTestDriverOptions } from '../../src/testing/topology-test-driver.js'
import type { Topology } from '../../src/topology/topology.js'
import { RestartingDriver } from '../testing/restarting-driver.js'
import type { VectorDriver } from '../testing/vector-run.js'

const texts = { key: string(), value: string() }

interface Options {
  readonly within: number
  readonly grace: number
  readonly refresh: boolean
  readonly time: 'event' | 'processing'
}

interface Step {
  readonly key: string
  readonly id: string
  readonly time: number
  readonly wait: number
}

const options = fc.record<Options>({
  within: fc.integer({ min: 0, max: 20 }),
  grace: fc.integer({ min: 0, max: 30 }),
  refresh: fc.boolean(),
  time: fc.constantFrom('event', 'processing'),
})

const step = fc.record<Step>({
  key: fc.constantFrom('a', 'b'),
  id: fc.constantFrom('x', 'y'),
  time: fc.integer({ min: 0, max: 100 }),
  wait: fc.integer({ min: 0, max: 10 }),
})

function topologyOf({ grace, ...given }: Options): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream('in', texts)
    .deduplicate({
      ...given,
      id: (id) => id,
      idSerde: string(),
      duplicates: (duplicates) => duplicates.to('duplicates'),
      ...(given.time === 'event' && { grace, late: (late: { to(topic: string): void }) => late.to('late') }),
    })
    .to('out')
  return builder.build()
}

/** Where each record went, told by all records before it, none forgotten. */
function expected({ within, grace, refresh, time }: Options, steps: readonly Step[]): string[] {
  const counts: { readonly id: string; readonly at: number }[] = []
  let [now, wall] = [-1, 0]
  return steps.map((step) => {
    wall += step.wait
    now = Math.max(now, step.time)
    if (time === 'event' && step.time < now - grace) return 'late'
    const at = time === 'event' ? step.time : wall
    const id = step.key + step.id
    const duplicate = counts.some((other) => other.id === id && Math.abs(other.at - at) <= within)
    if (!duplicate || refresh) counts.push({ id, at })
    return duplicate ? 'duplicates' : 'out'
  })
}

async function found(driver: VectorDriver, steps: readonly Step[]): Promise<string[]> {
  const input = driver.createInputTopic('in', texts)
  const places: string[] = []
  for (const { key, id, time, wait } of steps) {
    driver.advanceWallClock(wait)
    input.pipe(key, id, { timestamp: time })
    await driver.settle()
    const went = ['out', 'duplicates', 'late'].filter(
      (topic) => driver.createOutputTopic(topic, texts).readAll().length > 0,
    )
    places.push(went.join())
  }
  return places
}

/** How a topology is run: straight on, or with a task that begins again after each step. */
const drivers = fc.constantFrom<(topology: Topology, options: TopologyTestDriverOptions) => VectorDriver>(
  (topology, given) => new TopologyTestDriver(topology, given),
  (topology, given) => new RestartingDriver(topology, given, false),
  (topology, given) => new RestartingDriver(topology, given, true),
)

describe('deduplicate', () => {
  it('forgets nothing that matters, restarted or not', async () => {
    await fc.assert(
      fc.asyncProperty(
        options,
        fc.array(step, { maxLength: 40 }),
        drivers,
        async (given, steps, driverOf) => {
          const driver = driverOf(topologyOf(given), { initialWallClock: 0 })
          assert.deepEqual(await found(driver, steps), expected(given, steps))
        },
      ),
      { numRuns: 300 },
    )
  })
})
