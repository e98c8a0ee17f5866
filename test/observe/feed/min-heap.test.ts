import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { MinHeap } from '../../../src/observe/feed/min-heap.js'

test('a heap gives the least first, whatever is put in between', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(20), { freq: 3 })), (steps) => {
      const heap = new MinHeap<number>((item) => item)
      let model: number[] = []
      for (const step of steps) {
        if (step === null) assert.equal(heap.shift(), model.shift())
        else {
          heap.push(step)
          model = [...model, step].sort((a, b) => a - b)
        }
        assert.equal(heap.first, model[0])
        assert.equal(heap.size, model.length)
      }
    }),
  )
})
