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
  /** What errors of ours say beside their message: operator, task, topic and the like. */
  readonly details: Readonly<Record<string, unknown>>
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
      details: {},
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
    details: error instanceof CodedError ? detailsOf(error) : {},
  }
}

const COMMON = new Set(['name', 'code', 'help', 'cause'])

/** What an error of ours says beside its message, as plain data. */
export function detailsOf(error: Error): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(error).filter(([key, value]) => !COMMON.has(key) && isPlain(value)),
  )
}

const isPlain = (value: unknown): boolean =>
  Array.isArray(value)
    ? value.every((item) => typeof item === 'string')
    : ['string', 'number', 'boolean'].includes(typeof value)

/** The error again, with its name, code, stack and details. */
export function received({ name, message, code, help, stack, cause, details }: SendableError): Error {
  const options = cause === undefined ? {} : { cause: received(cause) }
  const ours = code !== undefined && help !== undefined
  const error = ours ? new StreamsError(code, message, options) : new Error(message, options)
  if (!ours && code !== undefined) Object.defineProperty(error, 'code', { value: code, enumerable: true })
  Object.defineProperty(error, 'name', { value: name })
  if (stack !== undefined) error.stack = stack
  Object.assign(error, details)
  return error
}
