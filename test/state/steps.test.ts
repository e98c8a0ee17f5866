import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Steps, toEnd } from '../../src/state/steps.js'

test('steps done at once give what they come to', () => {
  const done: number[] = []
  function* three(): Steps<string> {
    for (const step of [1, 2, 3]) {
      done.push(step)
      yield
    }
    return 'over'
  }
  assert.equal(toEnd(three()), 'over')
  assert.deepEqual(done, [1, 2, 3])
})

test('a step that fails ends them', () => {
  function* failing(): Steps<void> {
    yield
    throw new Error('no more')
  }
  assert.throws(() => toEnd(failing()), /no more/)
})
