import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ChunkMemory } from '../../../src/kafka/consumer/chunk-memory.js'

const MIB = 1024 * 1024

test('memory that was given back is used again, for chunks of about its size', () => {
  const memory = new ChunkMemory(8 * MIB)
  const first = memory.take(MIB)
  assert.ok(first.length >= MIB)
  assert.notEqual(memory.take(MIB), first)
  memory.give(first)
  assert.notEqual(memory.take(MIB / 8), first)
  assert.equal(memory.take(MIB - 100_000), first)
})

test('what is kept is bounded', () => {
  const memory = new ChunkMemory(2 * MIB)
  const taken = [memory.take(MIB), memory.take(MIB), memory.take(MIB)]
  for (const buffer of taken) memory.give(buffer)
  const again = [memory.take(MIB), memory.take(MIB), memory.take(MIB)]
  assert.equal(again.filter((buffer) => taken.includes(buffer)).length, 2)
})
