import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aggregate } from '../../operators/aggregate.js'
import { aggregating, reducing } from '../../operators/aggregation.js'
import { branch } from '../../operators/branch.js'
import { filter } from '../../operators/filter.js'
import { flatMap } from '../../operators/flat-map.js'
import { flatMapValues } from '../../operators/flat-map-values.js'
import { forEach } from '../../operators/for-each.js'
import { map } from '../../operators/map.js'
import { mapValues } from '../../operators/map-values.js'
import { peek } from '../../operators/peek.js'
import type { ProcessorSupplier } from '../../operators/processor.js'
import { selectKey } from '../../operators/select-key.js'
import { PromiseReturnedError } from '../../operators/user-function.js'
import { windowAggregate } from '../../operators/window-aggregate.js'
import { ProcessingError } from '../../src/runtime/processing-error.js'
import { TumblingWindows } from '../../src/windows/tumbling-windows.js'
import { Harness } from './harness.js'
import { TestKeyValueStore, TestWindowStore } from './stores.js'

// biome-ignore lint/suspicious/noExplicitAny: the functions are wrong on purpose.
type Wrong = any
// biome-ignore lint/suspicious/noExplicitAny: operators of many types.
type AnySupplier = ProcessorSupplier<any, any, any, any>

const operators: Record<string, (wrong: Wrong) => AnySupplier> = {
  filter: (wrong) => filter(wrong),
  map: (wrong) => map(wrong),
  selectKey: (wrong) => selectKey(wrong),
  mapValues: (wrong) => mapValues(wrong),
  flatMap: (wrong) => flatMap(wrong),
  flatMapValues: (wrong) => flatMapValues(wrong),
  peek: (wrong) => peek(wrong),
  forEach: (wrong) => forEach(wrong),
  branch: (wrong) => branch([{ predicate: wrong, child: 'out' }]),
  'aggregate (initializer)': (wrong) =>
    aggregate(
      aggregating(wrong, () => 1),
      'store',
    ),
  'aggregate (aggregator)': (wrong) =>
    aggregate(
      aggregating(() => 1, wrong),
      'store',
    ),
  reduce: (wrong) => aggregate(reducing(wrong), 'store'),
  'windowed aggregate': (wrong) =>
    windowAggregate(
      TumblingWindows.of(10),
      aggregating(() => 1, wrong),
      'windows',
    ),
}

const harnessOf = (supplier: AnySupplier, store: string) =>
  new Harness(supplier, {
    stores: store === 'windows' ? [new TestWindowStore(store, false)] : [new TestKeyValueStore(store, false)],
  })

for (const [name, make] of Object.entries(operators)) {
  const store = name.startsWith('windowed') ? 'windows' : 'store'

  describe(`a function of ${name}`, () => {
    it('that throws gives an error that names the operator and the record', () => {
      const cause = new RangeError('out of luck')
      const harness = harnessOf(
        make(() => {
          throw cause
        }),
        store,
      )
      // The first value of a reduction is taken as it is.
      if (name === 'reduce') harness.pipe('b', 0)
      else assert.throws(() => harness.pipe('b', 0), ProcessingError)
      assert.throws(
        () => harness.pipe('b', 1),
        (error: unknown) => {
          assert.ok(error instanceof ProcessingError)
          assert.equal(error.code, 'PROCESSING')
          assert.equal(error.cause, cause)
          assert.equal(
            error.message,
            'operator operator failed at topic in, partition 3, offset 1: out of luck',
          )
          assert.deepEqual(
            [error.operator, error.topic, error.partition, error.offset],
            ['operator', 'in', 3, 1],
          )
          return true
        },
      )
    })

    it('that returns a promise is refused, even if the promise is rejected', () => {
      const harness = harnessOf(
        make(() => Promise.reject(new Error('too late'))),
        store,
      )
      if (name === 'reduce') harness.pipe('a', 0)
      assert.throws(
        () => harness.pipe('a', 1),
        (error: Error) => error.cause instanceof PromiseReturnedError && /mapAsync/.test(error.message),
      )
    })
  })
}

describe('an error downstream', () => {
  it('is that of the operator that failed, not of those before it', () => {
    const harness = new Harness(map((key, value) => [key, value]))
    const failing = new Error('the sink is full')
    Object.assign(harness, {
      sent: {
        length: 0,
        push: () => {
          throw failing
        },
      },
    })
    assert.throws(() => harness.pipe('a', 1), /sink out cannot send to topic out .*the sink is full/)
  })
})
