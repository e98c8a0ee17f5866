/** What goes wrong in a running application; `code` is stable, the message says what to do. */
export class StreamsError extends Error {
  override readonly name: string = 'StreamsError'

  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** An option of `KafkaStreams` has a value that is not allowed. */
export class ConfigError extends StreamsError {
  override readonly name = 'ConfigError'

  constructor(option: string, problem: string) {
    super('INVALID_OPTION', `option ${option}: ${problem}`)
  }
}
