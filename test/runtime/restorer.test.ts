import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { OffsetOutOfRangeError } from '../../src/kafka/consumer/fetch-error.js'
import type { Fetcher } from '../../src/kafka/consumer/fetcher.js'
import type { FetchedChunk } from '../../src/kafka/records/fetched-chunk.js'
import { Restorer } from '../../src/runtime/restorer.js'
import type { TaskState } from '../../src/state/task-state.js'
import { batchOf, chunkOf, marker, record } from '../kafka/records/batches.js'

/** What a fetcher has of each partition; nothing comes after it. */
class Log {
  onAvailable: (() => void) | undefined
  readonly removed: number[] = []
  /** From where partitions are fetched, each time anew. */
  readonly starts: number[] = []
  private readonly chunks = new Map<number, FetchedChunk[]>()
  private failure: Error | undefined

  arrive(partition: number, chunk: FetchedChunk): void {
    this.chunks.set(partition, [...(this.chunks.get(partition) ?? []), chunk])
    this.onAvailable?.()
  }

  /** What is to be fetched next is not in the log. */
  fail(failure: Error): void {
    this.failure = failure
    this.onAvailable?.()
  }

  add(_topic: string, _partition: number, offset: number): void {
    this.failure = undefined
    this.starts.push(offset)
  }

  take(_topic: string, partition: number): FetchedChunk | undefined {
    if (this.failure !== undefined) throw this.failure
    return this.chunks.get(partition)?.shift()
  }

  remove(_topic: string, partition: number): void {
    this.removed.push(partition)
  }
}

/** A store that takes records, and writes when the test lets it. */
class Target {
  added = 0
  readonly written: number[] = []
  private letWrite: () => void = () => {}
  private readonly mayWrite: Promise<void>
  /** Called at each record. */
  onAdd: () => void = () => {}

  constructor(waits = false) {
    this.mayWrite = waits ? new Promise((resolve) => (this.letWrite = resolve)) : Promise.resolve()
  }

  release(): void {
    this.letWrite()
  }

  get state(): TaskState {
    const target = {
      add: () => {
        this.added++
        this.onAdd()
      },
      write: async (position: number) => {
        await this.mayWrite
        this.written.push(position)
      },
    }
    return { beginRestore: () => target } as unknown as TaskState
  }
}

const records = (count: number) =>
  Array.from({ length: count }, (_, index) => record(index, `k${index}`, 'v'))
const plan = (partition: number, to: number) => ({
  task: '0_0',
  store: 'counts',
  topic: 'changelog',
  partition,
  from: 0,
  to,
  trimmed: false,
})
const trimmedTo = (start: number) => new OffsetOutOfRangeError('changelog', 0, 3, start, 9)
const never = new AbortController().signal

function setUp() {
  const log = new Log()
  return { log, restorer: new Restorer(log as unknown as Fetcher) }
}

describe('restoring changelogs', () => {
  it('ends at the target, past the marker of the last transaction, and says how many records there were', async () => {
    const { log, restorer } = setUp()
    const target = new Target()
    const restored = restorer.restore(target.state, plan(0, 6), never)
    log.arrive(0, chunkOf([batchOf(records(3))]))
    log.arrive(
      0,
      chunkOf([batchOf(records(2), { baseOffset: 3 }), marker('commit', 5, 1)], { fetchOffset: 3 }),
    )
    assert.equal(await restored, 5)
    assert.deepEqual(target.written, [3, 6])
    assert.deepEqual(log.removed, [0])
    assert.equal(restorer.recordsRestored, 5)
  })

  it('tells how far it has come', async () => {
    const { log, restorer } = setUp()
    const restored = restorer.restore(new Target().state, { ...plan(0, 10), from: 2 }, never)
    const { task, store } = plan(0, 10)
    assert.deepEqual(restorer.progress, [{ task, store, records: 8, remaining: 8 }])
    log.arrive(0, chunkOf([batchOf(records(3), { baseOffset: 2 })], { fetchOffset: 2 }))
    while (restorer.progress[0]!.remaining === 8) await turn()
    assert.deepEqual(restorer.progress, [{ task, store, records: 8, remaining: 5 }])
    log.arrive(0, chunkOf([batchOf(records(5), { baseOffset: 5 })], { fetchOffset: 5 }))
    await restored
    assert.deepEqual(restorer.progress, [])
  })

  it('asks for nothing where the store has everything', async () => {
    const { restorer } = setUp()
    assert.equal(await restorer.restore(new Target().state, { ...plan(0, 6), from: 6 }, never), 0)
  })

  it('goes on at the start of a log that was trimmed meanwhile', async () => {
    const { log, restorer } = setUp()
    const target = new Target()
    const restored = restorer.restore(target.state, { ...plan(0, 9), trimmed: true }, never)
    log.arrive(0, chunkOf([batchOf(records(3))]))
    while (target.written.length < 1) await turn()
    log.fail(trimmedTo(7))
    log.arrive(0, chunkOf([batchOf(records(2), { baseOffset: 7 })], { fetchOffset: 7 }))
    assert.equal(await restored, 5)
    assert.deepEqual(log.starts, [0, 7])
    assert.deepEqual(target.written, [3, 9])
  })

  it('has nothing left to do where all of a log was trimmed meanwhile', async () => {
    const { log, restorer } = setUp()
    const target = new Target()
    const restored = restorer.restore(target.state, { ...plan(0, 9), trimmed: true }, never)
    log.fail(trimmedTo(9))
    assert.equal(await restored, 0)
    assert.deepEqual(target.written, [9])
    assert.deepEqual(log.removed, [0])
  })

  it('fails where records are gone that nobody was to delete', async () => {
    const { log, restorer } = setUp()
    const restored = restorer.restore(new Target().state, plan(0, 9), never)
    log.fail(trimmedTo(7))
    await assert.rejects(restored, OffsetOutOfRangeError)
  })

  it('fails where a log ends before its position', async () => {
    const { log, restorer } = setUp()
    const restored = restorer.restore(new Target().state, { ...plan(0, 9), trimmed: true }, never)
    log.fail(new OffsetOutOfRangeError('changelog', 0, 8, 0, 5))
    await assert.rejects(restored, OffsetOutOfRangeError)
  })

  it('lets the event loop turn between slices of a chunk', async () => {
    const { log, restorer } = setUp()
    const target = new Target()
    let turns = 0
    let sinceTurn = 0
    let longest = 0
    target.onAdd = () => {
      longest = Math.max(longest, ++sinceTurn)
    }
    let done = false
    const restored = restorer.restore(target.state, plan(0, 10_000), never).then(() => {
      done = true
    })
    log.arrive(0, chunkOf([batchOf(records(10_000))]))
    for (; !done; turns++) {
      await turn()
      sinceTurn = 0
    }
    await restored
    assert.ok(longest <= 2_000, `${longest} records in one turn`)
    assert.ok(turns >= 5)
  })

  it('goes on with a partition while another is written', async () => {
    const { log, restorer } = setUp()
    const [slow, fast] = [new Target(true), new Target()]
    const restoredSlow = restorer.restore(slow.state, plan(0, 3), never)
    const restoredFast = restorer.restore(fast.state, plan(1, 3), never)
    log.arrive(0, chunkOf([batchOf(records(3))]))
    log.arrive(1, chunkOf([batchOf(records(3))]))
    assert.equal(await restoredFast, 3)
    assert.deepEqual(slow.written, [])
    slow.release()
    assert.equal(await restoredSlow, 3)
  })

  it('that is given up ends when the chunk in hand is written', async () => {
    const { log, restorer } = setUp()
    const target = new Target(true)
    const giveUp = new AbortController()
    const reason = new Error('revoked')
    const restored = restorer.restore(target.state, plan(0, 6), giveUp.signal)
    log.arrive(0, chunkOf([batchOf(records(3))]))
    log.arrive(0, chunkOf([batchOf(records(3), { baseOffset: 3 })], { fetchOffset: 3 }))
    while (target.added < 3) await turn()
    giveUp.abort(reason)
    let ended = false
    const rejected = assert.rejects(restored, reason).then(() => {
      ended = true
    })
    await turn()
    assert.equal(ended, false)
    target.release()
    await rejected
    assert.deepEqual(target.written, [3])
    assert.equal(target.added, 3, 'no further chunk is taken')
    assert.deepEqual(log.removed, [0])
  })
})
