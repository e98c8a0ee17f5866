import { CodedError } from '../errors/coded-error.js'
import { StreamsError } from './streams-error.js'

/** An error as it goes from one thread to another: class instances do not survive the way. */
export interface SendableError {
  readonly name: string
  readonly message: string
  readonly code: string | undefined
  /** Set for errors of ours. */
  readonly help: string | undefined
  readonly stack: string | undefined
  readonly cause: SendableError | undefined
}

export function sendable(error: unknown): SendableError {
  if (!(error instanceof Error)) {
    return {
      name: 'Error',
      message: String(error),
      code: undefined,
      help: undefined,
      stack: undefined,
      cause: undefined,
    }
  }
  const { name, message, stack, cause } = error
  const { code } = error as { code?: unknown }
  return {
    name,
    message,
    stack,
    code: code === undefined ? undefined : String(code),
    help: error instanceof CodedError ? error.help : undefined,
    cause: cause === undefined ? undefined : sendable(cause),
  }
}

/** The error again, with its name, code and stack. */
export function received({ name, message, code, help, stack, cause }: SendableError): Error {
  const options = cause === undefined ? {} : { cause: received(cause) }
  const ours = code !== undefined && help !== undefined
  const error = ours ? new StreamsError(code, message, options) : new Error(message, options)
  if (!ours && code !== undefined) Object.defineProperty(error, 'code', { value: code, enumerable: true })
  Object.defineProperty(error, 'name', { value: name })
  if (stack !== undefined) error.stack = stack
  return error
}
