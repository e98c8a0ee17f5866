import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { decodeCommitMetadata, encodeCommitMetadata } from '../../src/runtime/commit-metadata.js'

const END_OF_TIME = 8_640_000_000_000_000

describe('the metadata of a committed offset', () => {
  it('is text that says what was committed beside it', () => {
    const metadata = { partitionTime: 1_700_000_000_000, operatorTimes: '0.5.4,@1.7', eventTime: 35 }
    const text = encodeCommitMetadata('1a2b', metadata)
    assert.equal(text, 'millrace:1:1a2b:1700000000000:0.5.4,@1.7:z')
    assert.deepEqual(decodeCommitMetadata(text, '1a2b', 'input-0'), metadata)
  })

  it('has the event time of a partition only where others are to know', () => {
    const metadata = { partitionTime: -1, operatorTimes: '' }
    for (const eventTime of [undefined, -1]) {
      const text = encodeCommitMetadata('1a2b', { ...metadata, eventTime })
      assert.equal(text, 'millrace:1:1a2b:-1:')
      assert.deepEqual(decodeCommitMetadata(text, '1a2b', 'input-0'), metadata)
    }
  })

  it('takes a dozen bytes for it at most', () => {
    const metadata = { partitionTime: 0, operatorTimes: '' }
    const without = encodeCommitMetadata('1a2b', metadata).length
    assert.ok(encodeCommitMetadata('1a2b', { ...metadata, eventTime: END_OF_TIME }).length - without <= 12)
  })
})
