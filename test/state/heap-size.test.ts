import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { HeapSize } from '../../src/state/heap-size.js'

describe('heap size', () => {
  it('has numbers that fit a word in their field, and others beside it', () => {
    const size = new HeapSize()
    assert.equal(size.of(7), 0)
    assert.equal(size.of(0.5), 16)
    assert.equal(size.of(2 ** 40), 16)
  })

  it('counts the characters of text, twice where they are not Latin', () => {
    const size = new HeapSize()
    assert.equal(size.of('12345678'), 24)
    assert.equal(size.of('1234567\u4e00'), 32)
  })

  it('counts a description for objects of a shape of their own, and none for those that came before', () => {
    const size = new HeapSize()
    const first = size.of({ flights: 1, delay: 2 })
    assert.equal(size.of({ flights: 3, delay: 4 }), 24 + 2 * 8)
    assert.ok(first > 2 * size.of({ flights: 3, delay: 4 }))
    assert.ok(size.of({ [`airport${first}`]: 1 }) > 100)
  })

  it('walks over lists, maps, sets and nested objects', () => {
    const size = new HeapSize()
    const text = size.of('12345678')
    assert.equal(size.of(['12345678', ['12345678']]), 2 * (48 + 8 + text) + 8)
    assert.equal(size.of(new Set(['12345678'])), 24 + 48 + text)
    assert.equal(size.of(new Map([['12345678', '12345678']])), 24 + 48 + 2 * text)
  })

  it('counts what is shared once, circles too', () => {
    const shared: unknown[] = []
    shared.push(shared)
    assert.equal(new HeapSize().of([shared, shared]), 48 + 2 * 8 + 48 + 8)
  })

  it('counts bytes with the memory that they are in', () => {
    assert.equal(new HeapSize().of(Buffer.alloc(1000)), 1200)
  })
})
