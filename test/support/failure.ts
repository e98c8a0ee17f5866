import assert from 'node:assert/strict'
import type { CodedError, KafkaStreams } from '../../src/index.js'
import { until } from './until.js'

/** The error that ends a client, once it has ended. */
export async function failureOf(streams: KafkaStreams): Promise<CodedError> {
  const errors: Error[] = []
  streams.on('error', (error) => errors.push(error))
  await until('an error ends the client', () => errors.length > 0)
  await streams.close()
  assert.equal(streams.state, 'error')
  assert.equal(errors.length, 1)
  return errors[0] as CodedError
}

/** The error with which a client does not start; it has ended. */
export async function startFailureOf(streams: KafkaStreams): Promise<CodedError> {
  const error = await streams.start().then(
    () => assert.fail('it starts'),
    (failure: CodedError) => failure,
  )
  assert.equal(streams.state, 'error')
  return error
}

/** The warnings of a code that a client gives from now on. */
export function warningsOfCode(streams: KafkaStreams, code: string): CodedError[] {
  const warnings: CodedError[] = []
  streams.on('warning', (warning) => {
    if ((warning as CodedError).code === code) warnings.push(warning as CodedError)
  })
  return warnings
}
