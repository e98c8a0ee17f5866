import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { loggedError } from '../../../src/cli/log/error-fields.js'
import { StreamsError } from '../../../src/index.js'
import { DeserializationError, ProcessingError } from '../../../src/runtime/processing-error.js'
import { received, sendable } from '../../../src/runtime/sendable-error.js'

const record = { topic: 'flights', partition: 3, offset: 7 }
const place = { operator: 'read', ...record }

/** An error as the log gets it from this thread, and from another one. */
const bothWays = (error: Error): Error[] => [error, received(structuredClone(sendable(error)))]

describe('what is logged of an error', () => {
  test('is its code, where to read on, and the record that it is about', () => {
    const cause = new SyntaxError('Unexpected token in "hidden"')
    for (const error of bothWays(new DeserializationError('read', record, 'value', cause))) {
      const { message, fields } = loggedError(error, false)
      assert.equal(message, 'source read cannot read the value at topic flights, partition 3, offset 7')
      const { cause: logged, ...others } = fields
      assert.deepEqual(others, {
        error: 'DeserializationError',
        code: 'DESERIALIZATION',
        help: 'docs/errors.md#deserialization',
        part: 'value',
        ...place,
      })
      const { error: name, stack } = logged as { error: string; stack: string[] }
      assert.equal(name, 'SyntaxError')
      assert.match(stack[0]!, /^at .*error-fields\.test/)
      assert.ok(!JSON.stringify(fields).includes('hidden'))
    }
  })

  test('has no value of a record, however deep it is, nor one that was thrown instead of an error', () => {
    const inner = new Error('hidden')
    const errors = [
      new StreamsError('THREAD', 'a thread ended', {
        cause: new ProcessingError('read', record as never, inner),
      }),
      new ProcessingError('read', record as never, new Error('hidden', { cause: inner })),
      new ProcessingError('read', record as never, 'hidden'),
    ]
    for (const error of errors.flatMap(bothWays)) {
      const logged = loggedError(error, false)
      assert.ok(!JSON.stringify(logged).includes('hidden'), JSON.stringify(logged))
    }
  })

  test('has them where that is asked for', () => {
    const error = new ProcessingError('read', record as never, new TypeError('hidden'))
    const { message, fields } = loggedError(error, true)
    assert.equal(message, 'operator read failed at topic flights, partition 3, offset 7: hidden')
    const { message: reason } = fields.cause as { message: string }
    assert.equal(reason, 'hidden')
  })

  test('keeps what brokers and disks say', () => {
    const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
    const error = new StreamsError('BROKERS_UNREACHABLE', `none can be reached: ${cause.message}`, { cause })
    const { message, fields } = loggedError(error, false)
    assert.equal(message, 'none can be reached: connect ECONNREFUSED')
    assert.equal((fields.cause as { message: string }).message, 'connect ECONNREFUSED')
  })
})
