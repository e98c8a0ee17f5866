import type { RecordHeaders } from '../serdes/record-headers.js'
import type { DeserializationError, ProcessingError, ProductionError } from './processing-error.js'

/** What to do about a record that cannot be processed: stop the application, or count the record and go on. */
export type ExceptionResponse = 'fail' | 'continue'

/** Where a record is that cannot be processed (KIP-1033). */
export interface ErrorContext {
  /** Of the record that was read; empty while a schedule fires. */
  readonly topic: string
  /** -1 while a schedule fires. */
  readonly partition: number
  /** -1 while a schedule fires. */
  readonly offset: number
  readonly headers: RecordHeaders
  /** Name of the operator that failed. */
  readonly operator: string
  readonly taskId: string
  /** Key of the record that was read, as it is in the topic. */
  readonly sourceRawKey: Buffer | null
  /** Value of the record that was read, as it is in the topic. */
  readonly sourceRawValue: Buffer | null
}

/** The record that an operator failed on. */
export interface FailedRecord {
  readonly key: unknown
  readonly value: unknown
  /** Epoch milliseconds. */
  readonly timestamp: number
}

export type DeserializationExceptionHandler = (
  context: ErrorContext,
  error: DeserializationError,
) => ExceptionResponse

/** `record`: what reached the operator; undefined where a schedule failed. */
export type ProcessingExceptionHandler = (
  context: ErrorContext,
  record: FailedRecord | undefined,
  error: ProcessingError,
) => ExceptionResponse

/** Called where a record cannot be serialized, or no partition can be chosen for it. */
export type ProductionExceptionHandler = (
  context: ErrorContext,
  record: FailedRecord,
  error: ProductionError,
) => ExceptionResponse

/**
 * What an application does about records that it cannot process. Each is `'fail'`, the default, `'continue'`, or a
 * function that decides. Records left out are counted in the metrics.
 */
export interface ExceptionHandlers {
  /** For records whose key or value cannot be read. */
  readonly deserializationExceptionHandler?: ExceptionResponse | DeserializationExceptionHandler
  /** For records on which a function of the user's failed. The rest of what their source record causes goes on. */
  readonly processingExceptionHandler?: ExceptionResponse | ProcessingExceptionHandler
  /** For records that cannot be sent. */
  readonly productionExceptionHandler?: ExceptionResponse | ProductionExceptionHandler
}
