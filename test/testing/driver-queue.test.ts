import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { DriverQueue } from '../../src/testing/driver-queue.js'

describe('the records that wait in a test driver', () => {
  it('go in the order of each topic, the topic whose head has the lowest timestamp first', () => {
    const queue = new DriverQueue()
    const add = (topic: string, timestamp: number) =>
      queue.add(topic, { key: null, value: null, timestamp, headers: NO_HEADERS })
    add('a', 5)
    add('a', 1)
    add('b', 3)
    add('b', 5)
    const taken = Array.from({ length: 5 }, () => {
      const next = queue.take()
      return next && `${next.topic}@${next.view.timestamp}#${next.view.offset}`
    })
    assert.deepEqual(taken, ['b@3#0', 'a@5#0', 'a@1#1', 'b@5#1', undefined])
  })
})
