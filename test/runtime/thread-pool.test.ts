import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Backoff } from '../../src/kafka/transport/backoff.js'
import { figuresAtFirst } from '../../src/runtime/stream-metrics.js'
import type { StreamThreadHandle } from '../../src/runtime/stream-thread-handle.js'
import { CloseTimeoutError, ThreadPool } from '../../src/runtime/thread-pool.js'

/** What a thread does when it starts, and when it closes. */
interface Behaviour {
  readonly start?: () => Promise<void>
  readonly close?: () => Promise<void>
}

/** A thread that notes what is done to it. */
class FakeThread implements StreamThreadHandle {
  constructor(
    readonly name: string,
    private readonly events: string[],
    private readonly behaviour: Behaviour = {},
  ) {
    events.push(`${name} created`)
  }

  async start(): Promise<void> {
    this.events.push(`${this.name} started`)
    await this.behaviour.start?.()
  }

  async close(): Promise<void> {
    await this.behaviour.close?.()
    this.events.push(`${this.name} closed`)
  }

  async terminate(): Promise<void> {
    this.events.push(`${this.name} terminated`)
  }

  metrics = () => figuresAtFirst(0, 0)
  query = () => Promise.resolve([])
  drain(): void {}
}

const NEVER = new Promise<never>(() => {})

/** A pool of threads that are numbered as they are made, without pauses. */
function pooled(count: number, behaviours: Record<number, Behaviour> = {}) {
  const events: string[] = []
  const failures: [unknown, number][] = []
  let made = 0
  let failed = (): void => {}
  const somethingFailed = new Promise<void>((resolve) => {
    failed = resolve
  })
  const pool = new ThreadPool(
    count,
    (index) => new FakeThread(`${index}#${made}`, events, behaviours[made++]),
    (error, index) => {
      failures.push([error, index])
      failed()
    },
    (warning) => events.push(`warning ${(warning as Error).message}`),
    () => new Backoff(0, 0),
  )
  return { pool, events, failures, somethingFailed }
}

/** Resolves once an event is there. */
async function seen(events: readonly string[], event: string): Promise<void> {
  while (!events.includes(event)) await new Promise(setImmediate)
}

describe('a pool of threads', () => {
  it('begins when all of them have', async () => {
    const { pool, events } = pooled(2)
    await pool.start()
    assert.deepEqual(events, ['0#0 created', '1#1 created', '0#0 started', '1#1 started'])
    const refused = new Error('refused')
    const { pool: other } = pooled(2, { 1: { start: () => Promise.reject(refused) } })
    await assert.rejects(other.start(), refused)
  })

  it('puts another thread in the place of one that has ended, once that has released everything', async () => {
    const { pool, events } = pooled(2)
    await pool.start()
    pool.replace(1)
    await seen(events, '1#2 started')
    assert.deepEqual(events.slice(4), ['1#1 closed', '1#2 created', '1#2 started'])
    assert.deepEqual(
      pool.threads.map((thread) => (thread as FakeThread).name),
      ['0#0', '1#2'],
    )
  })

  it('tells of another thread that does not begin', async () => {
    const refused = new Error('refused')
    const { pool, failures, somethingFailed } = pooled(1, {
      1: { start: () => Promise.reject(refused) },
    })
    await pool.start()
    pool.replace(0)
    await somethingFailed
    assert.deepEqual(failures, [[refused, 0]])
  })

  it('goes on where a thread that has ended cannot release everything', async () => {
    const { pool, events } = pooled(1, { 0: { close: () => Promise.reject(new Error('no disk')) } })
    await pool.start()
    pool.replace(0)
    await seen(events, '0#1 started')
    assert.deepEqual(events.slice(2), ['warning no disk', '0#1 created', '0#1 started'])
  })

  it('ends with all its threads, and none comes after', async () => {
    let release = (): void => {}
    const closed = new Promise<void>((resolve) => {
      release = resolve
    })
    const { pool, events } = pooled(2, { 0: { close: () => closed } })
    await pool.start()
    pool.replace(0)
    const ended = pool.close(60_000)
    release()
    assert.equal(await ended, undefined)
    assert.deepEqual(events.slice(4).sort(), ['0#0 closed', '0#0 closed', '1#1 closed'])
  })

  it('stops threads that do not end in time', async () => {
    const { pool, events } = pooled(2, { 0: { close: () => NEVER } })
    await pool.start()
    const failure = await pool.close(1)
    assert.ok(failure instanceof CloseTimeoutError)
    assert.deepEqual(events.slice(4).sort(), ['0#0 terminated', '1#1 closed'])
  })
})
