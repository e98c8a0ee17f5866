import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { SchemaPendingError } from '../../../src/serdes/schema-pending-error.js'
import { InMemorySchemaRegistry } from '../../../src/serdes/schema-registry/in-memory-schema-registry.js'
import {
  InvalidSchemaError,
  RegistryAccessError,
  RegistryAnswerError,
  RegistryUnavailableError,
  SchemaNotFoundError,
} from '../../../src/serdes/schema-registry/registry-errors.js'
import { loaderOf, SchemaLoader } from '../../../src/serdes/schema-registry/schema-loader.js'
import type { SchemaId, SchemaText } from '../../../src/serdes/schema-registry/schema-text.js'
import { type MaybePromise, settle } from '../../../src/serdes/settle.js'

const INT: SchemaText = { type: 'AVRO', schema: '"int"' }

/** Time that goes on when a test says so. */
class TestClock {
  private time = 0
  private timers: { readonly at: number; readonly action: () => void }[] = []
  /** How long each call of `after` waits. */
  readonly delays: number[] = []

  constructor(private readonly chance: number) {}

  now(): number {
    return this.time
  }

  random(): number {
    return this.chance
  }

  after(ms: number, action: () => void): void {
    this.delays.push(ms)
    this.timers.push({ at: this.time + ms, action })
  }

  advance(ms: number): void {
    this.time += ms
    const due = this.timers.filter(({ at }) => at <= this.time)
    this.timers = this.timers.filter(({ at }) => at > this.time)
    for (const { action } of due) action()
  }
}

/** A registry that answers later, with errors where a test says so. */
class LateRegistry extends InMemorySchemaRegistry {
  readonly asked: SchemaId[] = []
  /** Thrown instead of an answer, one after the other; the last one for good. */
  failures: (Error | undefined)[] = []

  // @ts-expect-error: this one answers later.
  override schema(id: SchemaId): MaybePromise<SchemaText> {
    this.asked.push(id)
    const failure = this.failures.length > 1 ? this.failures.shift() : this.failures[0]
    return failure ? Promise.reject(failure) : (async () => super.schema(id))()
  }
}

const setUp = ({ chance = 0.5 } = {}) => {
  const registry = new LateRegistry()
  const clock = new TestClock(chance)
  const loader = new SchemaLoader(registry, { clock })
  const id = registry.register('a', INT)
  return { registry, clock, loader, id }
}

const pendingOf = (loader: SchemaLoader, id: SchemaId): SchemaPendingError => {
  try {
    loader.get(id)
  } catch (error) {
    assert.ok(error instanceof SchemaPendingError, String(error))
    return error
  }
  return assert.fail('it is known already')
}

/** Lets promises that are settled go on; what they wait for is in memory. */
const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

const down = () => new RegistryUnavailableError('registry', 'down')

describe('a loader', () => {
  test('gives at once what the registry gives at once', () => {
    const registry = new InMemorySchemaRegistry()
    const loader = loaderOf(registry)
    assert.equal(loaderOf(registry), loader)
    const id = registry.register('a', INT)
    assert.deepEqual(loader.get(id), { ...INT, referenced: [] })
    assert.equal(loader.get(id), loader.get(id))
    assert.throws(() => loader.get(77), SchemaNotFoundError)
    assert.equal(settle(loader.load(id)), loader.get(id))
  })

  test('fetches a schema once for all who miss it, and has it when they try again', async () => {
    const { registry, loader, id } = setUp()
    const first = pendingOf(loader, id)
    assert.equal(first.message, `schema ${id} of schema registry in memory is being fetched`)
    assert.equal(pendingOf(loader, id), first)
    assert.equal(loader.loads().pending, 1)
    await first.ready
    assert.deepEqual(loader.get(id), { ...INT, referenced: [] })
    assert.equal(await settle(loader.load(id)), loader.get(id))
    assert.deepEqual(registry.asked, [id])
    assert.deepEqual(loader.loads(), {
      registry: 'schema registry in memory',
      misses: 2,
      fetched: 1,
      notFound: 0,
      failures: 0,
      outageMs: undefined,
      pending: 0,
    })
  })

  test('fetches what a schema refers to, each version once', async () => {
    const { registry, loader, id } = setUp()
    const references = [{ name: 'A', subject: 'a', version: 1 }]
    const b = registry.register('b', { type: 'AVRO', schema: '"B"', references })
    const c = registry.register('c', { type: 'AVRO', schema: '"C"', references })
    let versionsAsked = 0
    const { version } = registry
    registry.version = (...given) => {
      versionsAsked++
      return version.apply(registry, given)
    }
    const [first, second] = await Promise.all([settle(loader.load(b)), settle(loader.load(c))])
    assert.deepEqual(first.referenced, [{ name: 'A', schema: INT.schema }])
    assert.deepEqual(second.referenced, first.referenced)
    assert.equal(versionsAsked, 1)
    assert.equal(loader.loads().fetched, 2)
    assert.notEqual(b, id)
  })

  test('remembers for a while that there is no schema', async () => {
    const { registry, clock, loader } = setUp()
    await pendingOf(loader, 77).ready
    assert.throws(() => loader.get(77), SchemaNotFoundError)
    clock.advance(29_999)
    assert.throws(() => loader.get(77), SchemaNotFoundError)
    assert.deepEqual(registry.asked, [77])
    clock.advance(1)
    await pendingOf(loader, 77).ready
    assert.throws(() => loader.get(77), SchemaNotFoundError)
    assert.deepEqual(registry.asked, [77, 77])
    await assert.rejects(async () => settle(loader.load(77)), SchemaNotFoundError)
    assert.equal(loader.loads().notFound, 2)
  })

  test('remembers no more than a thousand of what is not there', async () => {
    const { registry, loader } = setUp()
    for (let id = 100; id <= 1_100; id++) await pendingOf(loader, id).ready
    assert.throws(() => loader.get(101), SchemaNotFoundError)
    assert.throws(() => loader.get(1_100), SchemaNotFoundError)
    assert.equal(registry.asked.length, 1_001)
    await pendingOf(loader, 100).ready
  })

  test('remembers likewise what cannot be used: a schema in a strange language, or with references that lead nowhere', async () => {
    const { registry, loader, id } = setUp()
    registry.failures = [new InvalidSchemaError('schema 1', 'is in the language XML')]
    await pendingOf(loader, id).ready
    assert.throws(() => loader.get(id), InvalidSchemaError)
    registry.failures = []
    const b = registry.register('b', { ...INT, references: [{ name: 'A', subject: 'a', version: 1 }] })
    registry.version = () => undefined
    await pendingOf(loader, b).ready
    assert.throws(() => loader.get(b), { message: 'schema registry in memory has no version 1 of subject a' })
  })

  for (const failure of [
    down(),
    new RegistryAccessError('registry', 'who are you?'),
    new RegistryAnswerError('registry', '<html>'),
    new TypeError('a registry of somebody else has a bug'),
  ]) {
    test(`tries again after ${failure.name}, until there is an answer`, async () => {
      const { registry, clock, loader, id } = setUp({ chance: 1 })
      registry.failures = [failure]
      const { ready } = pendingOf(loader, id)
      let isReady = false
      ready.then(() => {
        isReady = true
      })
      await settled()
      for (const delay of [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]) {
        assert.equal(clock.delays.at(-1), delay)
        clock.advance(delay)
        await settled()
      }
      assert.equal(isReady, false)
      assert.equal(registry.asked.length, 10)
      assert.equal(pendingOf(loader, id).ready, ready)
      assert.equal(loader.loads().failures, 10)
      registry.failures = []
      clock.advance(10_000)
      await ready
      assert.deepEqual(loader.get(id), { ...INT, referenced: [] })
    })
  }

  test('waits for between half and all of the time, by chance', async () => {
    const delays: number[] = []
    for (const chance of [0, 0.25]) {
      const { registry, clock, loader, id } = setUp({ chance })
      registry.failures = [down()]
      pendingOf(loader, id)
      await settled()
      delays.push(...clock.delays)
    }
    assert.deepEqual(delays, [50, 62.5])
  })

  test('warns of an outage once, until nobody listens; it ends also where the answer is that there is no schema', async () => {
    const { registry, clock, loader, id } = setUp({ chance: 1 })
    const told: unknown[] = []
    const listening = new AbortController()
    loader.listen({ warn: (error) => told.push(error), signal: listening.signal })
    const failure = down()
    registry.failures = [failure]
    const one = pendingOf(loader, id)
    const other = pendingOf(loader, 77)
    await settled()
    clock.advance(100)
    await settled()
    assert.deepEqual(told, [failure])
    assert.equal(loader.loads().outageMs, 100)
    registry.failures = []
    clock.advance(200)
    await Promise.all([one.ready, other.ready])
    assert.equal(loader.loads().outageMs, undefined)

    registry.failures = [failure]
    const next = pendingOf(loader, 78)
    await settled()
    assert.deepEqual(told, [failure, failure])
    registry.failures = []
    clock.advance(100)
    await next.ready

    listening.abort()
    registry.failures = [failure]
    pendingOf(loader, 79)
    await settled()
    assert.equal(told.length, 2)
  })

  test('resolves a schema that has no id yet, and asks once only', async () => {
    const { registry, loader } = setUp()
    const references = [{ name: 'A', subject: 'a', version: 1 }]
    const resolved = settle(loader.resolve({ ...INT, references }))
    assert.deepEqual(resolved, { ...INT, referenced: [{ name: 'A', schema: INT.schema }] })
    registry.version = () => {
      throw down()
    }
    const unknown = [{ name: 'A', subject: 'a', version: 2 }]
    assert.throws(() => settle(loader.resolve({ ...INT, references: unknown })), RegistryUnavailableError)
  })
})
