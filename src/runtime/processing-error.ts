import type { RecordContext } from '../../operators/processor.js'
import { StreamsError } from './streams-error.js'

/** Where a record is, for errors about it. */
export interface RecordPosition {
  readonly topic: string
  readonly partition: number
  readonly offset: number
}

const at = ({ topic, partition, offset }: RecordPosition): string =>
  `topic ${topic}, partition ${partition}, offset ${offset}`

const reasonOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

/** An error about one record; `cause` is what went wrong. */
abstract class RecordError extends StreamsError {
  readonly topic: string
  readonly partition: number
  readonly offset: number

  constructor(
    code: string,
    message: string,
    /** Name of the operator in the topology. */
    readonly operator: string,
    position: RecordPosition,
    cause: unknown,
  ) {
    super(code, message, { cause })
    this.topic = position.topic
    this.partition = position.partition
    this.offset = position.offset
  }
}

/** A function of the user failed. The position is that of the record that was being processed. */
export class ProcessingError extends RecordError {
  override readonly name = 'ProcessingError'

  constructor(operator: string, record: RecordContext, cause: unknown) {
    const message = `operator ${operator} failed at ${at(record)}: ${reasonOf(cause)}`
    super('PROCESSING', message, operator, record, cause)
  }
}

/** A record's key or value cannot be read. */
export class DeserializationError extends RecordError {
  override readonly name = 'DeserializationError'

  constructor(
    operator: string,
    record: RecordPosition,
    readonly part: 'key' | 'value',
    cause: unknown,
  ) {
    const message = `source ${operator} cannot read the ${part} at ${at(record)}: ${reasonOf(cause)}`
    super('DESERIALIZATION', message, operator, record, cause)
  }
}

/** A record cannot be sent: a serde or the partitioner refused it. The position is that of the record it came from. */
export class ProductionError extends RecordError {
  override readonly name = 'ProductionError'

  constructor(
    operator: string,
    readonly targetTopic: string,
    record: RecordPosition,
    cause: unknown,
  ) {
    const message = `sink ${operator} cannot send to topic ${targetTopic} what came from ${at(record)}: ${reasonOf(cause)}`
    super('PRODUCTION', message, operator, record, cause)
  }
}
