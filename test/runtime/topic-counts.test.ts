import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { OutgoingBatch } from '../../src/runtime/record-collector.js'
import { sentByTopic, TopicCounts } from '../../src/runtime/topic-counts.js'
import { batchOf } from '../kafka/support/batches.js'

const sent = (topic: string, records = 1, bytes = 10) => [{ topic, records, bytes }]

describe('counts by topic', () => {
  it('have the topics that are written in any case from the start', () => {
    const counts = new TopicCounts(['out'])
    assert.deepEqual(counts.topicsWritten, sent('out', 0, 0))
    counts.sent(sent('out', 2, 30))
    counts.sent(sent('out', 1, 10))
    assert.deepEqual(counts.topicsWritten, sent('out', 3, 40))
  })

  it('have what was read apart from what was written', () => {
    const counts = new TopicCounts([])
    counts.input('through').records += 5
    counts.sent(sent('through'))
    assert.deepEqual(
      counts.topicsRead.map(({ topic, records }) => [topic, records]),
      [['through', 5]],
    )
    assert.deepEqual(counts.topicsWritten, sent('through'))
  })

  it('count topics beyond a number that functions choose as one', () => {
    const counts = new TopicCounts(['out'])
    for (let topic = 0; topic < 1000; topic++) counts.sent(sent(`chosen-${topic}`))
    counts.sent(sent('out'))
    counts.sent(sent('chosen-0'))
    const { topicsWritten } = counts
    assert.equal(topicsWritten.length, 102)
    assert.deepEqual(
      topicsWritten.find(({ topic }) => topic === 'other'),
      { topic: 'other', records: 900, bytes: 9000 },
    )
    assert.equal(topicsWritten.find(({ topic }) => topic === 'out')!.records, 1)
    assert.equal(topicsWritten.find(({ topic }) => topic === 'chosen-0')!.records, 2)
  })

  it('sum up output and changelogs', () => {
    const batches = [batchOf('a', 0, 'x', 'y'), batchOf('b', 0, 'x'), batchOf('a', 1, 'z')]
    const changelogs = [batchOf('changelog', 0, 'x')]
    const bytesOf = ({ builder }: OutgoingBatch): number => builder.byteLength
    const [first, second, third] = batches.map(bytesOf)
    assert.deepEqual(sentByTopic({ batches, changelogs }), [
      { topic: 'a', records: 3, bytes: first! + third! },
      { topic: 'b', records: 1, bytes: second },
      { topic: 'changelog', records: 1, bytes: bytesOf(changelogs[0]!) },
    ])
  })
})
