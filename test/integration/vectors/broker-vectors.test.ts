import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { testBroker } from '../../support/broker.js'
import { TestApplication } from '../../support/test-application.js'
import { TopicClient } from '../../support/topic-client.js'
import { uniqueName } from '../../support/unique-name.js'
import { loadVector, type Vector, vectorFolder, vectorNames } from '../../testing/vector.js'
import { CHOSEN, IN_MEMORY } from './chosen-vectors.js'
import { COURSES, type Course, VectorApplication } from './vector-application.js'
import { topicNames, VectorTopics } from './vector-topics.js'

/** So many applications run at a time: each waits for the broker most of the time. */
const CONCURRENCY = 24
/** A script this long is interrupted more than once. */
const STEPS_BETWEEN_RESTARTS = 100

const load = (name: string): Vector => loadVector(vectorFolder(), name)

interface Run {
  readonly vector: Vector
  readonly course: Course
  readonly prefix: string
}

const runsOf = (names: readonly string[], courses: readonly Course[]): Run[] =>
  names.flatMap((name) =>
    courses.map((course) => ({ vector: load(name), course, prefix: uniqueName('vector') })),
  )

const RUNS = [
  ...Object.values(CHOSEN).flatMap(({ vectors }) => runsOf(vectors, COURSES)),
  ...runsOf(IN_MEMORY.vectors, ['straight']),
  // The longest first: they are not to be waited for at the end.
].sort((left, right) => right.vector.steps.length - left.vector.steps.length)

/** The steps before which a run is interrupted: in the middle, and often where the script is long. */
function restartsOf({ vector, course }: Run): ReadonlySet<number> {
  if (course === 'straight') return new Set()
  const { length } = vector.steps
  const parts = Math.max(2, Math.ceil(length / STEPS_BETWEEN_RESTARTS))
  return new Set(Array.from({ length: parts - 1 }, (_, part) => Math.ceil(((part + 1) * length) / parts)))
}

describe('on a broker as in a test driver', { concurrency: CONCURRENCY }, () => {
  // All at once: one by one it takes the broker several times as long.
  before(async () => {
    await using client = new TopicClient((await testBroker()).brokers)
    const topics = RUNS.flatMap(({ vector, prefix }) => topicNames(vector, prefix))
    await client.admin.createTopics(
      topics.map((topic) => ({ topic, partitions: 1, configs: { 'retention.ms': '-1' } })),
    )
  })

  for (const run of RUNS) {
    it(`${run.vector.name}, ${run.course}`, async () => {
      await using application = await TestApplication.create()
      const { vector, course, prefix } = run
      // With connections of its own: a broker answers what comes over one connection one after the other.
      const topics = new VectorTopics(application.client, vector, prefix)
      try {
        const difference = await new VectorApplication(
          vector,
          topics,
          application,
          restartsOf(run),
          course,
        ).run()
        assert.equal(difference, undefined)
      } finally {
        topics.close()
      }
    })
  }
})

describe('the vectors that run on a broker', () => {
  it('are a third of all, each once, by area', () => {
    const chosen = Object.values(CHOSEN).flatMap(({ vectors }) => vectors)
    assert.equal(new Set(chosen).size, chosen.length)
    assert.ok(chosen.length >= vectorNames(vectorFolder()).length / 3, `${chosen.length} vectors`)
    for (const [area, { vectors }] of Object.entries(CHOSEN)) {
      for (const name of vectors) assert.equal(load(name).area, area, name)
    }
  })
})
