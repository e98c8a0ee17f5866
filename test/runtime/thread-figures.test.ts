import assert from 'node:assert/strict'
import { describe, it, type TestContext } from 'node:test'
import { CommitStats } from '../../src/runtime/commit-lane.js'
import { DeserializationError } from '../../src/runtime/processing-error.js'
import { SchemaFigures } from '../../src/runtime/schema-figures.js'
import { type FigureSources, ThreadFigures } from '../../src/runtime/thread-figures.js'
import { TopicCounts } from '../../src/runtime/topic-counts.js'
import type { TopicNames } from '../../src/runtime/topic-names.js'

/** The figures of a thread without tasks, whose operators have left these records out. */
function setUp(t: TestContext, dropped: Record<string, number> = {}) {
  const clock = { now: 0 }
  t.mock.method(performance, 'now', () => clock.now)
  const names = { fixedSinks: ['out'], changelogTopics: ['changelog'] } as unknown as TopicNames
  const figures = new ThreadFigures(0, names, Date.now, new SchemaFigures(new Map()))
  const sources = {
    tasks: { list: [], counts: [] },
    starter: { dropped: () => dropped, storeMetrics: () => [], asyncCalls: () => [], timerMetrics: () => [] },
    commits: { stats: new CommitStats(new TopicCounts([])) },
    producer: { throttles: { answers: 0, ms: 0 } },
    broadcast: {},
    intake: { metrics: () => undefined },
  } as unknown as FigureSources
  return { clock, figures, metrics: () => figures.of(sources) }
}

describe('the figures of a thread', () => {
  it('have rebalances that have begun, and how long those took that are over', (t) => {
    const { clock, figures, metrics } = setUp(t)
    figures.rebalanceBegins()
    assert.equal(metrics().rebalances, 1)
    assert.equal(metrics().rebalanceTimes.sum, 0)
    clock.now = 300
    // The membership was lost on the way, and joining begins again.
    figures.rebalanceBegins()
    clock.now = 500
    figures.rebalanceEnds()
    figures.rebalanceEnds()
    assert.equal(metrics().rebalances, 2)
    assert.equal(metrics().rebalanceTimes.sum, 500)
    assert.equal(
      metrics().rebalanceTimes.counts.reduce((sum, each) => sum + each),
      1,
    )
  })

  it('have records that have failed, whether they were left out or have ended the thread', (t) => {
    const { figures, metrics } = setUp(t, {
      'read:deserialization': 4,
      'read:late': 9,
      'send:production-error': 1,
    })
    const position = { topic: 'in', partition: 0, offset: 7 }
    figures.fails(new DeserializationError('read', position, 'value', new Error('of a test')))
    figures.fails(new Error('of something else'))
    assert.deepEqual(metrics().failed, { 'read:deserialization': 5, 'send:production-error': 1 })
  })

  it('have the topics that are written in any case from the start', (t) => {
    const { metrics } = setUp(t)
    assert.deepEqual(
      metrics().topicsWritten.map(({ topic, records }) => [topic, records]),
      [
        ['out', 0],
        ['changelog', 0],
      ],
    )
  })
})
