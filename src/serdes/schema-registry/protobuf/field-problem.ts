import { SerdeError } from '../../serde-error.js'

export const SERDE_NAME = 'protobuf'

/** The key of a map may be a long text. */
const MAX_SHOWN = 100

/** What is wrong with a value or its bytes; each message that it passes on its way out adds where it is. */
export class FieldProblem extends Error {
  override readonly name = 'FieldProblem'
  private readonly path: string[] = []

  /** Where it is: in a field of a message. */
  within(field: string): this {
    this.path.unshift(field.slice(0, MAX_SHOWN))
    return this
  }

  /** As whoever uses the serde sees it. */
  toSerdeError(): SerdeError {
    const where = this.path.length === 0 ? '' : `${this.path.join('.')}: `
    return new SerdeError(SERDE_NAME, where + this.message)
  }
}

/** Throws an error again, with the field in which it occurred. */
export function rethrowIn(error: unknown, field: string | undefined): never {
  throw error instanceof FieldProblem && field !== undefined ? error.within(field) : error
}
