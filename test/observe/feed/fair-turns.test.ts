import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setImmediate as turn } from 'node:timers/promises'
import { FairTurns } from '../../../src/observe/feed/fair-turns.js'

test('work is done a piece at a time, one after the other, each as long as it has some', async () => {
  const turns = new FairTurns()
  const done: string[] = []
  const worker = (name: string, pieces: number) => ({
    work: () => {
      done.push(name)
      return --pieces > 0
    },
  })
  const gone = worker('gone', 1)
  for (const each of [worker('a', 3), worker('b', 1), gone, worker('c', 2)]) turns.add(each)
  turns.remove(gone)
  assert.deepEqual(done, [])
  while (done.length < 6) await turn()
  assert.deepEqual(done, ['a', 'b', 'c', 'a', 'c', 'a'])
})

test('work that takes long leaves the event loop its turn', async () => {
  const turns = new FairTurns()
  let pieces = 0
  turns.add({
    work: () => {
      const end = performance.now() + 6
      while (performance.now() < end);
      return ++pieces < 5
    },
  })
  for (let seen = 0; pieces < 5; seen = pieces) {
    await turn()
    assert.ok(pieces - seen <= 1)
  }
})
