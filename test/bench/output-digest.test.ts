import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { difference, outputDigest } from '../../bench/output-digest.js'
import type { Workload } from '../../bench/workloads.js'

type Entry = readonly [key: string, value: string | null]

function digestOf(workload: Workload, entries: readonly Entry[]) {
  const digest = outputDigest(workload)
  for (const [key, value] of entries) {
    const source = Buffer.from(`<${key}${value ?? ''}>`)
    const keyEnd = 1 + key.length
    digest.add(source, 1, keyEnd, keyEnd, value === null ? -1 : keyEnd + value.length)
  }
  return digest.result()
}

describe('the digest of filter-map', () => {
  it('is equal for the same sequence', () => {
    const entries: Entry[] = [
      ['a', '1'],
      ['b', '2'],
    ]
    assert.deepEqual(digestOf('filter-map', entries), digestOf('filter-map', [...entries]))
  })

  it('sees another order, and bytes that move from key to value', () => {
    const original = digestOf('filter-map', [
      ['ab', '1'],
      ['b', '2'],
    ])
    assert.notDeepEqual(
      digestOf('filter-map', [
        ['b', '2'],
        ['ab', '1'],
      ]),
      original,
    )
    assert.notDeepEqual(
      digestOf('filter-map', [
        ['a', 'b1'],
        ['b', '2'],
      ]),
      original,
    )
  })

  it('holds for more than its buffer', () => {
    const many: Entry[] = Array.from({ length: 20_000 }, (_, index) => [`key-${index}`, `value-${index}`])
    const changed: Entry[] = [...many.slice(0, -1), ['key-19999', 'value-other']]
    assert.deepEqual(digestOf('filter-map', many), digestOf('filter-map', many))
    assert.notEqual(digestOf('filter-map', many).sha256, digestOf('filter-map', changed).sha256)
  })
})

describe('the digest of a table', () => {
  it('is equal where every key has the same last value, however the updates came', () => {
    const everyUpdate = digestOf('count', [
      ['a', '1'],
      ['b', '1'],
      ['a', '2'],
    ])
    const lastOnly = digestOf('count', [
      ['b', '1'],
      ['a', '2'],
    ])
    assert.deepEqual(everyUpdate, lastOnly)
    assert.equal(everyUpdate.size, 2)
  })

  it('is that of the keys that have a value at the end', () => {
    const withDeleted = digestOf('session', [
      ['a', '1'],
      ['b', '1'],
      ['a', null],
      ['c', null],
    ])
    assert.deepEqual(withDeleted, digestOf('session', [['b', '1']]))
  })

  it('sees another last value and a missing key', () => {
    const original = digestOf('window', [
      ['a', '1'],
      ['b', '1'],
    ])
    assert.notDeepEqual(
      digestOf('window', [
        ['b', '1'],
        ['a', '2'],
      ]),
      original,
    )
    assert.notDeepEqual(digestOf('window', [['a', '1']]), original)
  })
})

describe('the difference of two results', () => {
  const first = { size: 2, sha256: 'aa' }
  const second = { size: 3, sha256: 'bb' }

  it('is none between equal ones', () => {
    assert.equal(difference([first, second], [first, second]), undefined)
  })

  it('names the partition and what is wrong with it', () => {
    assert.equal(difference([first, second], [first, first]), 'partition 1: 2 entries instead of 3')
    assert.equal(difference([first], [{ size: 2, sha256: 'cc' }]), 'partition 0: other contents in 2 entries')
    assert.equal(difference([first, second], [first]), 'partition 1 is missing')
    assert.equal(difference([first], [first, second]), '2 partitions instead of 1')
  })
})
