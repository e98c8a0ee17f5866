import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ByteWriter } from '../../src/serdes/byte-writer.js'
import { SerdeError } from '../../src/serdes/serde-error.js'
import { sessionWindowed } from '../../src/serdes/session-windowed.js'
import { string } from '../../src/serdes/string.js'

describe('keys of sessions', () => {
  const serde = sessionWindowed(string())

  it('are the key, then the end and the start in 8 bytes each', () => {
    const writer = new ByteWriter()
    serde.serialize({ key: 'a', window: { start: 1, end: 258 } }, writer)
    const bytes = writer.copy()
    assert.equal(bytes.toString('hex'), '6100000000000001020000000000000001')
    assert.deepEqual(serde.deserialize(bytes, 0, bytes.length), { key: 'a', window: { start: 1, end: 258 } })
  })

  it('are refused where they are too short', () => {
    assert.throws(() => serde.deserialize(Buffer.alloc(15), 0, 15), SerdeError)
  })
})
