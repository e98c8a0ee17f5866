import { StreamsError } from './streams-error.js'

/** An error as it goes from one thread to another: class instances do not survive the way. */
export interface SendableError {
  readonly name: string
  readonly message: string
  readonly code: string | undefined
  readonly stack: string | undefined
  readonly cause: SendableError | undefined
}

export function sendable(error: unknown): SendableError {
  if (!(error instanceof Error)) {
    return { name: 'Error', message: String(error), code: undefined, stack: undefined, cause: undefined }
  }
  const { name, message, stack, cause } = error
  const { code } = error as { code?: unknown }
  return {
    name,
    message,
    stack,
    code: code === undefined ? undefined : String(code),
    cause: cause === undefined ? undefined : sendable(cause),
  }
}

/** The error again, with its name, code and stack. */
export function received({ name, message, code, stack, cause }: SendableError): Error {
  const options = cause === undefined ? {} : { cause: received(cause) }
  const error = code === undefined ? new Error(message, options) : new StreamsError(code, message, options)
  Object.defineProperty(error, 'name', { value: name })
  if (stack !== undefined) error.stack = stack
  return error
}
