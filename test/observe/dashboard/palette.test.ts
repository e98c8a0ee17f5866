import assert from 'node:assert/strict'
import { test } from 'node:test'
import { OTHERS, Palette } from '../../../src/observe/dashboard/results/palette.js'

test('the five greatest rows have colors of their own, which they keep while they are among them', () => {
  const palette = new Palette()
  palette.assign(['a', 'b', 'c', 'd', 'e', 'f'])
  const before = new Map(['a', 'b', 'c', 'd'].map((name) => [name, palette.colorOf(name)]))
  assert.equal(new Set(before.values()).size, 4)
  assert.equal(palette.colorOf('f'), OTHERS)
  const freed = palette.colorOf('e')
  palette.assign(['d', 'c', 'f', 'b', 'a'])
  for (const [name, color] of before) assert.equal(palette.colorOf(name), color)
  assert.equal(palette.colorOf('f'), freed)
  assert.equal(palette.colorOf('e'), OTHERS)
  assert.deepEqual([...palette.names].sort(), ['a', 'b', 'c', 'd', 'f'])
})
