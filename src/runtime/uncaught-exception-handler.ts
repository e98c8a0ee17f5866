import type { CodedError } from '../errors/coded-error.js'
import { StreamsError } from './streams-error.js'

/**
 * What an application does when a stream thread has ended by an error (KIP-671):
 *
 * - `replace-thread`: another one takes its place, after a pause that grows up to a minute.
 * - `shutdown-client`: the client ends; its tasks go to other members of the group.
 * - `shutdown-application`: the clients of all members end.
 */
export type UncaughtExceptionResponse = 'replace-thread' | 'shutdown-client' | 'shutdown-application'

/** Decides what happens when a stream thread has ended by an error. */
export type UncaughtExceptionHandler = (error: CodedError, thread: number) => UncaughtExceptionResponse

/** A stream thread has ended by an error and is replaced; the cause is the error. */
export class ThreadReplacedError extends StreamsError {
  override readonly name = 'ThreadReplacedError'

  constructor(
    readonly thread: number,
    cause: CodedError,
  ) {
    super('THREAD_REPLACED', `stream thread ${thread} has ended by ${cause.code} and is replaced`, { cause })
  }
}

/** A member of the group has asked for all of them to end. */
export class ApplicationStoppedError extends StreamsError {
  override readonly name = 'ApplicationStoppedError'

  constructor(applicationId: string, reason: string) {
    super('APPLICATION_STOPPED', `application ${applicationId} is shut down by one of its members: ${reason}`)
  }
}
