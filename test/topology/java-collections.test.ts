import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { hashSetOrder, TreeSet } from '../../src/topology/java-collections.js'

describe('Java collections', () => {
  test('a HashSet iterates by hash bucket', () => {
    assert.deepEqual(hashSetOrder(['in1', 'in2', 'in3']), ['in2', 'in1', 'in3'])
  })

  test('a HashSet holds what was put in', () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.string()), (strings) => {
        assert.deepEqual(hashSetOrder(strings).sort(), [...strings].sort())
      }),
    )
  })

  test('a TreeSet iterates in order, each item once', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -50, max: 50 })), (numbers) => {
        const set = new TreeSet<number>((left, right) => left - right)
        for (const number of numbers) set.add(number)
        assert.deepEqual(
          [...set],
          [...new Set(numbers)].sort((left, right) => left - right),
        )
      }),
    )
  })
})
