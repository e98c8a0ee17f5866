import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { looped, MAX_SHORT, shortAscii } from '../../src/serdes/short-ascii.js'

const MAX_LOOPED = 12
const text = 'The quick brown fox jumps over'

describe('a short text', () => {
  for (const [name, read, longest] of [
    ['by code for each length', shortAscii, MAX_SHORT],
    ['by a loop', looped, MAX_LOOPED],
  ] as const) {
    it(`is read ${name}, wherever it stands`, () => {
      const bytes = Buffer.from(`..${text}`)
      for (let length = 0; length <= longest; length++) {
        assert.equal(read(bytes, 2, 2 + length), text.slice(0, length))
      }
    })

    it(`is left to others ${name} where a byte is not ASCII`, () => {
      for (let length = 1; length <= longest; length++) {
        for (let at = 0; at < length; at++) {
          const bytes = Buffer.from(text)
          bytes[at] = 0x80
          assert.equal(read(bytes, 0, length), undefined)
        }
      }
    })
  }

  it('is left to others by a loop where it is longer', () => {
    assert.equal(looped(Buffer.from(text), 0, MAX_LOOPED + 1), undefined)
  })
})
