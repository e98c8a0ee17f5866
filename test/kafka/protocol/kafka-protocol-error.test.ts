import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ErrorCode } from '../../../src/kafka/protocol/error-codes.js'
import { KafkaProtocolError } from '../../../src/kafka/protocol/kafka-protocol-error.js'

test('an error tells the API, what it was about, its name and number, and the words of the broker', () => {
  const error = new KafkaProtocolError(
    ErrorCode.TOPIC_ALREADY_EXISTS,
    'CreateTopics',
    { topic: 't' },
    'it is there',
  )
  assert.equal(error.message, 'CreateTopics topic=t: TOPIC_ALREADY_EXISTS (36): it is there')
  assert.equal(error.type, 'TOPIC_ALREADY_EXISTS')
  assert.equal(error.retriable, false)
})

test('errors that pass are retriable, those that fence or refuse are not', () => {
  const retriable = (code: number): boolean => new KafkaProtocolError(code, 'Any').retriable
  for (const code of [
    ErrorCode.NOT_LEADER_OR_FOLLOWER,
    ErrorCode.COORDINATOR_LOAD_IN_PROGRESS,
    ErrorCode.CONCURRENT_TRANSACTIONS,
    ErrorCode.UNSTABLE_OFFSET_COMMIT,
    ErrorCode.UNKNOWN_TOPIC_ID,
  ]) {
    assert.equal(retriable(code), true, String(code))
  }
  for (const code of [
    ErrorCode.OFFSET_OUT_OF_RANGE,
    ErrorCode.INVALID_PRODUCER_EPOCH,
    ErrorCode.MEMBER_ID_REQUIRED,
    ErrorCode.FENCED_INSTANCE_ID,
    ErrorCode.PRODUCER_FENCED,
    ErrorCode.TRANSACTION_ABORTABLE,
  ]) {
    assert.equal(retriable(code), false, String(code))
  }
})

test('a code that is newer than this version keeps its number', () => {
  assert.equal(new KafkaProtocolError(9999, 'Any').message, 'Any: UNKNOWN_ERROR_CODE (9999)')
})
