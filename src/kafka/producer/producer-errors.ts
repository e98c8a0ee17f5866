import { CodedError } from '../../errors/coded-error.js'

/** What went wrong in a producer. `Producer.recover()` makes it usable again, if anything does. */
export abstract class ProducerError extends CodedError {}

/** Another producer has taken this transactional id, or the coordinator ended our transaction after its timeout. */
export class ProducerFencedError extends ProducerError {
  override readonly name = 'ProducerFencedError'

  constructor(message: string, options?: ErrorOptions) {
    super('PRODUCER_FENCED', message, options)
  }
}

/** The open transaction cannot be committed any more: abort it, and do its work again. */
export class AbortableTransactionError extends ProducerError {
  override readonly name = 'AbortableTransactionError'

  constructor(message: string, options?: ErrorOptions) {
    super('TRANSACTION_ABORTED', message, options)
  }
}

/** EndTxn was refused: whether the transaction is committed has to be read from the committed offsets. */
export class CommitRefusedError extends ProducerError {
  override readonly name = 'CommitRefusedError'

  constructor(message: string, options?: ErrorOptions) {
    super('COMMIT_REFUSED', message, options)
  }
}

/** A batch was refused, or not acknowledged within the delivery timeout. It may be in the log nevertheless. */
export class ProduceFailedError extends ProducerError {
  override readonly name = 'ProduceFailedError'

  constructor(
    readonly topic: string,
    readonly partition: number,
    reason: string,
    options?: ErrorOptions,
  ) {
    super('PRODUCE_FAILED', `producing to ${topic}-${partition} failed: ${reason}`, options)
  }
}

/** The topic takes no batch of this size (`max.message.bytes`). */
export class MessageTooLargeError extends ProducerError {
  override readonly name = 'MessageTooLargeError'

  constructor(
    readonly topic: string,
    readonly partition: number,
    readonly bytes: number,
  ) {
    super(
      'MESSAGE_TOO_LARGE',
      `a batch of ${bytes} bytes is larger than max.message.bytes of topic ${topic} (partition ${partition})`,
    )
  }
}

/** A call that the producer's state does not allow: a mistake of the caller; nothing was done. */
export class ProducerStateError extends ProducerError {
  override readonly name = 'ProducerStateError'

  constructor(message: string, options?: ErrorOptions) {
    super('PRODUCER_STATE', message, options)
  }
}
