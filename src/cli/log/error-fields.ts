import { CodedError } from '../../errors/coded-error.js'
import { detailsOf } from '../../runtime/sendable-error.js'

/** Errors whose cause comes from functions and serdes of the user's: what it says may show a record. */
const OF_RECORDS = new Set(['DESERIALIZATION', 'PROCESSING', 'PRODUCTION', 'UNEXPECTED'])

/** An error as a line of the log has it. */
export interface LoggedError {
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
}

/**
 * What is logged of an error: code, class, where to read on, and what it is about (operator, task, topic, partition, offset).
 *
 * @param values whether texts are logged that may show keys and values of records; else of such causes the class only, and
 *   where in the code they were thrown
 */
export function loggedError(error: Error, values: boolean): LoggedError {
  const { message, ...fields } = summary(error, values)
  return { message, fields }
}

function summary(error: Error, values: boolean): { message: string; [field: string]: unknown } {
  const { name, cause } = error
  const ours = error instanceof CodedError
  const hides = ours && OF_RECORDS.has(error.code) && !values
  return {
    message: hides ? withoutCause(error) : error.message,
    error: name,
    ...(ours ? { code: error.code, help: error.help, ...detailsOf(error) } : { stack: framesOf(error) }),
    ...(cause === undefined ? {} : { cause: causeOf(cause, values, hides) }),
  }
}

function causeOf(cause: unknown, values: boolean, hidden: boolean): unknown {
  if (!(cause instanceof Error)) return hidden ? typeof cause : String(cause)
  // Who throws may pass on what others threw.
  if (hidden && !(cause instanceof CodedError)) return { error: cause.name, stack: framesOf(cause) }
  return summary(cause, values)
}

/** The message of an error of ours, which has that of its cause at its end, behind a colon. */
function withoutCause({ message, cause }: Error): string {
  const reason = cause instanceof Error ? cause.message : String(cause)
  const ending = `: ${reason}`
  return message.endsWith(ending) ? message.slice(0, -ending.length) : message
}

/** Where in the code it was, without its message. */
const framesOf = ({ stack }: Error): readonly string[] =>
  (stack ?? '').split('\n').flatMap((line) => (/^\s+at /.test(line) ? [line.trim()] : []))
