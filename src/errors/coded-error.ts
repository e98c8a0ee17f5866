/** Where the documentation tells more about an error: what happens, and what to do. */
const helpOn = (code: string): string => `docs/errors.md#${code.toLowerCase()}`

/** Base of every error that a user can meet. `code` is stable; the message names what is at fault. */
export abstract class CodedError extends Error {
  /** Where to read on. A property of its own, so that node prints it below the stack of an error that nobody handles. */
  readonly help: string

  constructor(
    readonly code: string,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options)
    this.help = helpOn(code)
  }
}
