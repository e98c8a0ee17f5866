import { causeOfClass } from '../errors/causes.js'
import { CodedError } from '../errors/coded-error.js'

/**
 * Bytes cannot be read yet: the schema that they were written with is being fetched. Whoever reads them waits for
 * `ready` and reads them again; nothing is lost.
 */
export class SchemaPendingError extends CodedError {
  override readonly name = 'SchemaPendingError'

  /**
   * @param schema what is waited for, for people: the schema and its registry
   * @param ready resolves when trying again gives a value or another error; it does not reject
   */
  constructor(
    readonly schema: string,
    readonly ready: Promise<void>,
  ) {
    super('SCHEMA_PENDING', `${schema} is being fetched`)
  }
}

/** Reads, and where a schema is missing, again when it is there. */
export async function whenReadable<T>(read: () => T | Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await read()
    } catch (error) {
      const pending = causeOfClass(error, SchemaPendingError)
      if (pending === undefined) throw error
      await pending.ready
    }
  }
}
