import { CodedError } from '../errors/coded-error.js'

/** What goes wrong in a running application. */
export class StreamsError extends CodedError {
  override readonly name: string = 'StreamsError'
}

/** An option of `KafkaStreams` has a value that is not allowed. */
export class ConfigError extends StreamsError {
  override readonly name = 'ConfigError'

  constructor(
    readonly option: string,
    problem: string,
  ) {
    super('INVALID_OPTION', `option ${option}: ${problem}`)
  }
}
