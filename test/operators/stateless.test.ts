import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { branch } from '../../operators/branch.js'
import { filter, filterNot } from '../../operators/filter.js'
import { flatMap } from '../../operators/flat-map.js'
import { flatMapValues } from '../../operators/flat-map-values.js'
import { forEach } from '../../operators/for-each.js'
import { map } from '../../operators/map.js'
import { mapValues } from '../../operators/map-values.js'
import { passThrough } from '../../operators/pass-through.js'
import { peek } from '../../operators/peek.js'
import { requireKey } from '../../operators/require-key.js'
import { selectKey } from '../../operators/select-key.js'
import { toStream } from '../../operators/to-stream.js'
import { Harness } from './harness.js'

const header = [{ key: 'trace', value: Buffer.from('1') }]

describe('filter and filterNot', () => {
  const even = (_key: string, value: number) => value % 2 === 0

  it('pass on what meets the predicate, and what does not', () => {
    const kept = new Harness(filter(even))
    const left = new Harness(filterNot(even))
    assert.deepEqual([...kept.pairs('a', 1), ...kept.pairs('a', 2)], [['a', 2]])
    assert.deepEqual([...left.pairs('a', 1), ...left.pairs('a', 2)], [['a', 1]])
  })

  it('show the predicate null keys and values, and keep timestamp and headers', () => {
    const kept = new Harness(filter((key, value) => key === null && value === null))
    assert.deepEqual(kept.pipe(null, null, 7, header), [
      { topic: 'out', key: null, value: null, timestamp: 7, headers: header },
    ])
  })

  it('take an answer that is no boolean by its truth', () => {
    const kept = new Harness(filter((_key, value) => value as boolean))
    assert.deepEqual([...kept.pairs('a', 0), ...kept.pairs('a', 1)], [['a', 1]])
  })
})

describe('map', () => {
  it('gives a record a new key and value', () => {
    const mapped = new Harness(map((key: string, value: number) => [`${key}!`, value + 1]))
    assert.deepEqual(mapped.pipe('a', 1, 5, header), [
      { topic: 'out', key: 'a!', value: 2, timestamp: 5, headers: header },
    ])
  })

  it('refuses what is no [key, value]', () => {
    const wrong = new Harness(map((_key: string, value: string) => value as unknown as [string, string]))
    assert.throws(
      () => wrong.pipe('a', 'b'),
      /operator operator failed at .*\[key, value\] expected .* got b/,
    )
  })
})

describe('selectKey', () => {
  it('gives a record a new key, which may be null', () => {
    const keyed = new Harness(selectKey((_key, value) => value))
    assert.deepEqual(keyed.pairs('a', 'b'), [['b', 'b']])
    assert.deepEqual(keyed.pairs('a', null), [[null, null]])
  })
})

describe('mapValues', () => {
  it('gives a record a new value and shows the key', () => {
    const mapped = new Harness(mapValues((value, key) => `${key}:${value}`))
    assert.deepEqual(mapped.pairs('a', 1), [['a', 'a:1']])
    assert.deepEqual(mapped.pairs('a', null), [['a', 'a:null']])
  })

  it('makes a tombstone of undefined', () => {
    assert.deepEqual(new Harness(mapValues(() => undefined)).pairs('a', 1), [['a', null]])
  })
})

describe('flatMap', () => {
  it('makes any number of records of one, with its timestamp and headers', () => {
    const flat = new Harness(
      flatMap((key: string, count: number) =>
        Array.from({ length: count }, (_, index): [string, number] => [`${key}${index}`, index]),
      ),
    )
    assert.deepEqual(flat.pairs('a', 0), [])
    assert.deepEqual(flat.pairs('a', 2), [
      ['a0', 0],
      ['a1', 1],
    ])
    assert.ok(flat.pipe('a', 3, 9, header).every((sent) => sent.timestamp === 9 && sent.headers === header))
  })

  it('refuses an item that is no [key, value] before it sends any', () => {
    const wrong = new Harness(flatMap(() => [['a', 1], 'b' as unknown as [string, number]]))
    assert.throws(() => wrong.pipe('a', 1), /\[key, value\] expected/)
    assert.deepEqual(wrong.sent, [])
  })
})

describe('flatMapValues', () => {
  it('takes any iterable', () => {
    const flat = new Harness(
      flatMapValues(function* (value: string, key: string) {
        yield key
        yield value
      }),
    )
    assert.deepEqual(flat.pairs('a', 'b'), [
      ['a', 'a'],
      ['a', 'b'],
    ])
  })

  it('names the operator if a generator throws half-way, or the result is no iterable', () => {
    const half = new Harness(
      // biome-ignore lint/correctness/useYield: it throws before it yields.
      flatMapValues(function* (): Generator<string> {
        throw new Error('half-way')
      }),
    )
    assert.throws(() => half.pipe('a', 'b'), /operator operator failed .*half-way/)
    const none = new Harness(flatMapValues(() => null as unknown as string[]))
    assert.throws(() => none.pipe('a', 'b'), /an iterable is expected from the function/)
  })
})

describe('peek and foreach', () => {
  it('show each record; peek passes it on', () => {
    const seen: unknown[] = []
    const peeked = new Harness(peek((key, value) => seen.push([key, value])))
    const ended = new Harness(
      forEach((key, value) => void seen.push([key, value])),
      { sinks: [] },
    )
    assert.deepEqual(peeked.pairs('a', 1), [['a', 1]])
    assert.deepEqual(ended.pairs('b', 2), [])
    assert.deepEqual(seen, [
      ['a', 1],
      ['b', 2],
    ])
  })

  it('do not compile with an async function', () => {
    // @ts-expect-error its errors and its order would be lost
    assert.ok(peek(async () => {}))
    // @ts-expect-error
    assert.ok(forEach(() => Promise.resolve(1)))
    assert.ok(peek((_key, value: number[]) => value.push(1)))
    assert.ok(peek((key: string) => new Map<string, string>().set(key, key)))
  })
})

describe('branch', () => {
  const small = { predicate: (_key: string, value: number) => value < 10, child: 'small' }
  const medium = { predicate: (_key: string, value: number) => value < 100, child: 'medium' }

  it('sends a record down the first branch that it meets', () => {
    const branched = new Harness(branch([small, medium], 'large'), { sinks: ['small', 'medium', 'large'] })
    for (const value of [5, 50, 500]) branched.pipe('a', value)
    assert.deepEqual(
      branched.sent.map((sent) => [sent.topic, sent.value]),
      [
        ['small', 5],
        ['medium', 50],
        ['large', 500],
      ],
    )
  })

  it('lets what meets none go, if there is no default', () => {
    const branched = new Harness(branch([medium, small]), { sinks: ['small', 'medium'] })
    for (const value of [5, 500]) branched.pipe('a', value)
    assert.deepEqual(
      branched.sent.map((sent) => [sent.topic, sent.value]),
      [['medium', 5]],
    )
    assert.deepEqual(branched.drops, [])
  })
})

describe('passThrough', () => {
  it('passes on every record', () => {
    assert.deepEqual(new Harness(passThrough()).pairs(null, null), [[null, null]])
  })
})

describe('requireKey', () => {
  it('drops and counts what has no key', () => {
    const keyed = new Harness(requireKey())
    assert.deepEqual([...keyed.pairs(null, 1), ...keyed.pairs('a', null)], [['a', null]])
    assert.deepEqual(keyed.drops, ['operator: null-key'])
  })
})

describe('toStream', () => {
  it('hands on the new value of each change', () => {
    const stream = new Harness(toStream())
    assert.deepEqual(stream.pairs('a', { newValue: 2, oldValue: 1 }), [['a', 2]])
    assert.deepEqual(stream.pairs('a', { newValue: null, oldValue: 2 }), [['a', null]])
  })
})
