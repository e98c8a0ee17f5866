import { StreamsError } from '../runtime/streams-error.js'

/** The command line or the configuration asks for what cannot be: trying again does not help. */
export class UsageError extends StreamsError {
  override readonly name = 'UsageError'

  constructor(message: string, options?: ErrorOptions) {
    super('USAGE', message, options)
  }
}
