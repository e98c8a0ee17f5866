import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { StreamsError } from '../../../src/index.js'
import { decodePosition } from '../../../src/observe/feed/feed-position.js'
import type { FeedSink, SinkListener } from '../../../src/observe/feed/feed-sink.js'
import { FeedTooLargeError } from '../../../src/observe/feed/replica-reader.js'
import { ServedStore } from './served-store.js'

/** A connection that takes as much as the test lets it. */
class TestSink implements FeedSink {
  readonly messages: { readonly type: string; readonly key?: string; readonly value?: number }[] = []
  id: string | undefined
  readonly beats: (string | undefined)[] = []
  state: 'open' | 'ended' | 'cut' = 'open'
  blocks = false
  listener!: SinkListener

  listen(listener: SinkListener): void {
    this.listener = listener
  }

  send(messages: readonly string[], id: string | undefined): boolean {
    this.messages.push(...messages.map((message) => JSON.parse(message)))
    if (id !== undefined) this.id = id
    return !this.blocks
  }

  beat(id: string | undefined): void {
    this.beats.push(id)
  }

  end(): void {
    this.state = 'ended'
    this.listener.closed()
  }

  cut(): void {
    this.state = 'cut'
    this.listener.closed()
  }

  get told(): string[] {
    return this.messages.map(({ type, key, value }) => (key === undefined ? type : `${key}=${value}`))
  }
}

/** Lets all that is scheduled happen. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 5; turns++) await turn()
}

describe('the feed of a store', () => {
  test('has one reader for all subscribers, and serves who comes before all is read when it is', async () => {
    const served = new ServedStore()
    const sinks = [new TestSink(), new TestSink()]
    for (const sink of sinks) served.feed.subscribe(served.request(sink))
    served.write({ a: 1 })
    await settled()
    for (const sink of sinks) assert.deepEqual(sink.told, [])
    served.ready()
    await settled()
    for (const sink of sinks) assert.deepEqual(sink.told, ['snapshot', 'a=1', 'up-to-date'])
    assert.equal(served.opened, 1)
    assert.equal(served.feed.subscriberCount, 2)
    assert.equal(served.feed.counts.messages, 6)
  })

  test('goes on without who is slow, and brings that one what is there when it takes more', async () => {
    const served = new ServedStore()
    const [slow, quick] = [new TestSink(), new TestSink()]
    slow.blocks = true
    for (const sink of [slow, quick]) served.feed.subscribe(served.request(sink))
    served.ready()
    await settled()
    for (let value = 1; value <= 5; value++) {
      served.write({ a: value })
      await settled()
    }
    assert.deepEqual(quick.told, ['snapshot', 'up-to-date', 'a=1', 'a=2', 'a=3', 'a=4', 'a=5'])
    assert.deepEqual(slow.told, ['snapshot', 'up-to-date'])
    slow.blocks = false
    slow.listener.drained()
    await settled()
    assert.deepEqual(slow.told, ['snapshot', 'up-to-date', 'a=5'])
    assert.equal(served.feed.counts.conflated, 4)
  })

  test('cuts a connection off that takes nothing for too long, and beats the others', async () => {
    const served = new ServedStore({ stuckAfterMs: 0 })
    const [stuck, quick] = [new TestSink(), new TestSink()]
    stuck.blocks = true
    for (const sink of [stuck, quick]) served.feed.subscribe(served.request(sink))
    served.ready()
    await settled()
    served.feed.beat()
    assert.equal(stuck.state, 'cut')
    assert.equal(quick.beats.length, 1)
    assert.deepEqual(decodePosition(quick.beats[0]!)!.offsets, [0])
    assert.equal(served.feed.counts.dropped, 1)
    assert.equal(served.feed.subscriberCount, 1)
  })

  test('beats without a position until there is one', async () => {
    const served = new ServedStore()
    const sink = new TestSink()
    served.feed.subscribe(served.request(sink))
    served.feed.beat()
    assert.deepEqual(sink.beats, [undefined])
  })

  test('is read on for a while when the last one has left, and anew when somebody comes after that', async () => {
    const served = new ServedStore({ lingerMs: 0 })
    const [first, second, third] = [new TestSink(), new TestSink(), new TestSink()]
    served.feed.subscribe(served.request(first))
    served.ready()
    await settled()
    first.listener.closed()
    served.feed.subscribe(served.request(second))
    await new Promise((resolve) => setTimeout(resolve, 5))
    assert.equal(served.closed, 0)
    await settled()
    assert.deepEqual(second.told, ['snapshot', 'up-to-date'])
    second.listener.closed()
    await new Promise((resolve) => setTimeout(resolve, 5))
    assert.equal(served.closed, 1)
    served.feed.subscribe(served.request(third))
    assert.equal(served.opened, 2)
  })

  test('begins anew for all with a topic that was made anew', async () => {
    const served = new ServedStore()
    const sink = new TestSink()
    served.feed.subscribe(served.request(sink))
    served.write({ a: 1 })
    served.ready()
    await settled()
    served.replica = served.newReplica('f'.repeat(32))
    served.write({ b: 2 })
    served.ready()
    await settled()
    assert.deepEqual(sink.told, [
      'snapshot',
      'a=1',
      'up-to-date',
      'must-refetch',
      'snapshot',
      'b=2',
      'up-to-date',
    ])
  })

  test('goes on from where another worker has led, or begins anew if the log does not go so far', async () => {
    const served = new ServedStore()
    const first = new TestSink()
    served.feed.subscribe(served.request(first))
    served.ready()
    served.write({ a: 1, b: 2 })
    await settled()
    const from = decodePosition(first.id!)!
    for (const [offset, expected] of [
      [1, ['b=2', 'up-to-date']],
      [2, ['up-to-date']],
      [3, ['must-refetch', 'snapshot', 'a=1', 'b=2', 'up-to-date']],
    ] as const) {
      const sink = new TestSink()
      served.feed.subscribe(served.request(sink, { ...from, offsets: [offset] }))
      await settled()
      assert.deepEqual(sink.told, expected)
    }
  })

  test('tells its subscribers why it ends', async () => {
    const served = new ServedStore()
    const sink = new TestSink()
    served.feed.subscribe(served.request(sink))
    served.ready()
    await settled()
    served.listener.failed(new StreamsError('FEED_TOPIC_MISSING', 'gone'))
    assert.deepEqual(sink.messages.at(-1), { type: 'error', code: 'FEED_TOPIC_MISSING', message: 'gone' })
    assert.equal(sink.state, 'ended')
    assert.equal(served.closed, 1)
    assert.equal(served.warnings.length, 1)
    assert.equal(served.feed.refused, undefined)
    served.feed.subscribe(served.request(new TestSink()))
    assert.equal(served.opened, 2)
  })

  test('is refused for a while if the store is too large', () => {
    const served = new ServedStore()
    served.feed.subscribe(served.request(new TestSink()))
    served.listener.failed(new FeedTooLargeError('rows', 1000))
    assert.equal(served.feed.refused!.code, 'FEED_TOO_LARGE')
  })

  test('ends for one whose rows cannot be shown, and goes on for others', async () => {
    const served = new ServedStore()
    const [all, one] = [new TestSink(), new TestSink()]
    served.feed.subscribe(served.request(all))
    served.feed.subscribe(served.request(one, undefined, 'key=a'))
    served.write({ a: 1 })
    served.replica.partitions[0]!.put('b', 'no JSON', 1, 0)
    served.ready()
    served.listener.changed()
    await settled()
    assert.equal(all.state, 'ended')
    assert.equal(all.messages.at(-1)!.type, 'error')
    assert.deepEqual(one.told, ['snapshot', 'a=1', 'up-to-date'])
    assert.equal(served.warnings.length, 1)
  })
})
