import type { Downstream, DropReason, RecordContext } from '../../operators/processor.js'
import { causeOfClass } from '../errors/causes.js'
import { SchemaPendingError } from '../serdes/schema-pending-error.js'
import type {
  ErrorContext,
  ExceptionHandlers,
  ExceptionResponse,
  FailedRecord,
} from './exception-handlers.js'
import { type DeserializationError, ProcessingError, ProductionError } from './processing-error.js'
import type { RecordView } from './record-view.js'

/** What a task knows of the record in hand when something fails. */
export interface TaskInHand {
  readonly taskId: string
  readonly record: RecordContext
  /** The record that was read; undefined while a schedule fires. */
  view: RecordView | undefined
}

/** Asks the application's handlers what to do about errors of one task. */
export class ExceptionPolicy {
  constructor(
    private readonly handlers: ExceptionHandlers,
    private readonly inHand: TaskInHand,
    private readonly dropped: (node: string, reason: DropReason) => void,
  ) {}

  /** Whether errors of operators always end the application: then nobody has to look for them. */
  get failsAlways(): boolean {
    const { processingExceptionHandler = 'fail', productionExceptionHandler = 'fail' } = this.handlers
    return processingExceptionHandler === 'fail' && productionExceptionHandler === 'fail'
  }

  /** Counts the record in hand as left out; throws the error where the application is to fail. */
  deserializationFailed(error: DeserializationError): void {
    const { deserializationExceptionHandler: handler = 'fail' } = this.handlers
    const response = typeof handler === 'function' ? handler(this.context(error.operator), error) : handler
    this.follow(response, 'deserializationExceptionHandler', error, 'deserialization')
  }

  /** Counts a record as left out by its operator; throws the error where the application is to fail. */
  operatorFailed(operator: string, record: FailedRecord | undefined, error: unknown): void {
    // Not the record's fault, which is processed again when the schema of what it met in a store is there.
    const pending = causeOfClass(error, SchemaPendingError)
    if (pending !== undefined) throw pending
    // Those of operators further down were decided on there.
    if (error instanceof ProcessingError && error.operator === operator) {
      const { processingExceptionHandler: handler = 'fail' } = this.handlers
      const response =
        typeof handler === 'function' ? handler(this.context(operator), record, error) : handler
      this.follow(response, 'processingExceptionHandler', error, 'processing-error')
    } else if (error instanceof ProductionError && error.operator === operator && record !== undefined) {
      const { productionExceptionHandler: handler = 'fail' } = this.handlers
      const response =
        typeof handler === 'function' ? handler(this.context(operator), record, error) : handler
      this.follow(response, 'productionExceptionHandler', error, 'production-error')
    } else throw error
  }

  /** Puts the policy around an operator or sink. */
  guard<K, V>(operator: string, target: Downstream<K, V>): Downstream<K, V> {
    return this.failsAlways ? target : new GuardedOperator(operator, target, this)
  }

  private follow(
    response: ExceptionResponse,
    handler: string,
    error: DeserializationError | ProcessingError | ProductionError,
    reason: DropReason,
  ): void {
    if (response === 'fail') throw error
    if (response !== 'continue') {
      throw new TypeError(`the ${handler} returned ${String(response)}, 'fail' or 'continue' expected`, {
        cause: error,
      })
    }
    this.dropped(error.operator, reason)
  }

  private context(operator: string): ErrorContext {
    const { taskId, record, view } = this.inHand
    const { topic, partition, offset, headers } = record
    return {
      topic,
      partition,
      offset,
      headers,
      operator,
      taskId,
      sourceRawKey: view === undefined ? null : copied(view.buffer, view.keyStart, view.keyEnd),
      sourceRawValue: view === undefined ? null : copied(view.buffer, view.valueStart, view.valueEnd),
    }
  }
}

const copied = (buffer: Buffer, start: number, end: number): Buffer | null =>
  end < 0 ? null : Buffer.from(buffer.subarray(start, end))

class GuardedOperator<K, V> implements Downstream<K, V> {
  constructor(
    private readonly operator: string,
    private readonly target: Downstream<K, V>,
    private readonly policy: ExceptionPolicy,
  ) {}

  process(key: K, value: V, timestamp: number): void {
    try {
      this.target.process(key, value, timestamp)
    } catch (error) {
      this.policy.operatorFailed(this.operator, { key, value, timestamp }, error)
    }
  }
}
