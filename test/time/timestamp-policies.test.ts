import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import {
  failOnInvalidTimestamp,
  InvalidTimestampError,
  isValidTimestamp,
  logAndSkipOnInvalidTimestamp,
  usePartitionTimeOnInvalidTimestamp,
} from '../../src/time/timestamp-policies.js'

const recordAt = (timestamp: number) => ({
  key: 'k',
  value: 'v',
  timestamp,
  headers: NO_HEADERS,
  topic: 'in',
  partition: 2,
  offset: 7,
})
const INVALID = [-1, 0.5, Number.NaN, 2 ** 53, Number.POSITIVE_INFINITY]

describe('a timestamp', () => {
  it('is valid if it is a safe integer >= 0', () => {
    for (const valid of [0, 1, Number.MAX_SAFE_INTEGER]) assert.ok(isValidTimestamp(valid))
    for (const invalid of INVALID) assert.ok(!isValidTimestamp(invalid))
  })
})

describe('failOnInvalidTimestamp', () => {
  it('names the record', () => {
    assert.equal(failOnInvalidTimestamp()(recordAt(5), -1), 5)
    for (const invalid of INVALID) {
      assert.throws(
        () => failOnInvalidTimestamp()(recordAt(invalid), 3),
        (error: Error) =>
          error instanceof InvalidTimestampError && /topic in, partition 2, offset 7/.test(error.message),
      )
    }
  })
})

describe('logAndSkipOnInvalidTimestamp', () => {
  it('leaves the invalid timestamp for the source to skip', () => {
    assert.equal(logAndSkipOnInvalidTimestamp()(recordAt(-1), 3), -1)
  })
})

describe('usePartitionTimeOnInvalidTimestamp', () => {
  it('takes the partition time, and fails while there is none', () => {
    const extract = usePartitionTimeOnInvalidTimestamp()
    assert.equal(extract(recordAt(5), 9), 5)
    assert.equal(extract(recordAt(-1), 9), 9)
    assert.throws(() => extract(recordAt(-1), -1), InvalidTimestampError)
  })

  it('judges an extractor of your own', () => {
    const extract = usePartitionTimeOnInvalidTimestamp<string, string>((record) => Date.parse(record.value))
    assert.equal(extract(recordAt(5), 9), 9)
  })
})
