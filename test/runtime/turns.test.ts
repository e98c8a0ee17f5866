import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inTurns } from '../../src/runtime/turns.js'
import type { Steps } from '../../src/state/steps.js'

function* steps(count: number, taken: () => void): Steps<string> {
  for (let step = 0; step < count; step++) {
    taken()
    yield
  }
  return 'over'
}

test('steps that take longer than a turn let the event loop go on in between', async () => {
  const seen: string[] = []
  setImmediate(() => seen.push('somebody else'))
  const result = await inTurns(
    steps(3, () => seen.push('step')),
    0,
  )
  assert.equal(result, 'over')
  assert.deepEqual(seen, ['step', 'somebody else', 'step', 'step'])
})

test('steps that fit into a turn are done at once', () => {
  let taken = 0
  void inTurns(
    steps(3, () => taken++),
    Number.POSITIVE_INFINITY,
  )
  assert.equal(taken, 3)
})

test('a step that fails rejects', async () => {
  function* failing(): Steps<void> {
    yield
    throw new Error('no more')
  }
  await assert.rejects(inTurns(failing(), 0), /no more/)
})
