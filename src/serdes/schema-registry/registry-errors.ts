import { CodedError } from '../../errors/coded-error.js'

/** The registry cannot be reached, is too slow or has a problem of its own: asking again can help. */
export class RegistryUnavailableError extends CodedError {
  override readonly name = 'RegistryUnavailableError'

  constructor(registry: string, problem: string, options?: ErrorOptions) {
    super('SCHEMA_REGISTRY_UNAVAILABLE', `${registry} is not available: ${problem}`, options)
  }
}

/** The registry asks for credentials, or refuses those that it was given. */
export class RegistryAccessError extends CodedError {
  override readonly name = 'RegistryAccessError'

  constructor(registry: string, problem: string, options?: ErrorOptions) {
    super('SCHEMA_REGISTRY_ACCESS', `${registry} refuses access: ${problem} (see option auth)`, options)
  }
}

/** What answers is no schema registry, or one that does not do what is asked of it. */
export class RegistryAnswerError extends CodedError {
  override readonly name = 'RegistryAnswerError'

  constructor(registry: string, problem: string, options?: ErrorOptions) {
    super('SCHEMA_REGISTRY_ANSWER', `${registry} answered ${problem}`, options)
  }
}

/** The registry has no such schema. */
export class SchemaNotFoundError extends CodedError {
  override readonly name = 'SchemaNotFoundError'

  /** @param schema for example `schema 42` or `subject flights-value` */
  constructor(registry: string, schema: string) {
    super('SCHEMA_NOT_FOUND', `${registry} has no ${schema}`)
  }
}

/** The subject's compatibility does not allow a schema as its next version. */
export class IncompatibleSchemaError extends CodedError {
  override readonly name = 'IncompatibleSchemaError'

  /** @param reasons why not, one a line */
  constructor(
    readonly subject: string,
    readonly reasons: readonly string[],
    options?: ErrorOptions,
  ) {
    super(
      'SCHEMA_INCOMPATIBLE',
      `subject ${subject} does not take the schema as its next version: ${reasons.join('; ')}`,
      options,
    )
  }
}

/** A schema is none, in its language. */
export class InvalidSchemaError extends CodedError {
  override readonly name = 'InvalidSchemaError'

  /** @param schema which one, for people */
  constructor(schema: string, problem: string, options?: ErrorOptions) {
    super('SCHEMA_INVALID', `${schema}: ${problem}`, options)
  }
}

/** What was written with one schema cannot be read with another. */
export class SchemaResolutionError extends CodedError {
  override readonly name = 'SchemaResolutionError'

  constructor(problem: string, options?: ErrorOptions) {
    super('SCHEMA_RESOLUTION', problem, options)
  }
}

/** An option of a registry's client is none. */
export class InvalidRegistryOptionError extends CodedError {
  override readonly name = 'InvalidRegistryOptionError'

  constructor(option: string, problem: string) {
    super('SCHEMA_REGISTRY_OPTION', `option ${option} of the schema registry: ${problem}`)
  }
}

/** An option of a serde is none. */
export class InvalidSerdeOptionError extends CodedError {
  override readonly name = 'InvalidSerdeOptionError'

  /** @param serde its name, for example `avro` */
  constructor(serde: string, option: string, problem: string) {
    super('SERDE_OPTION', `option ${option} of ${serde}: ${problem}`)
  }
}

/** A schema that records are written with is no version of its subject. */
export class NotRegisteredError extends CodedError {
  override readonly name = 'NotRegisteredError'

  constructor(registry: string, subject: string) {
    super(
      'SCHEMA_NOT_REGISTERED',
      `${registry} does not have the schema under subject ${subject}: register it (millrace schema register), ` +
        "or let the application do it (register: 'at-start')",
    )
  }
}

/** The subjects of a serde cannot be named, or do not fit together. */
export class SubjectError extends CodedError {
  override readonly name = 'SubjectError'

  constructor(problem: string) {
    super('SCHEMA_SUBJECT', problem)
  }
}

/** Whether asking again can help. */
export const isOutage = (error: unknown): boolean => error instanceof RegistryUnavailableError

/** Whether it is the registry that cannot tell at the moment. */
export const isRegistryProblem = (error: unknown): boolean =>
  error instanceof RegistryUnavailableError ||
  error instanceof RegistryAccessError ||
  error instanceof RegistryAnswerError

/** Whether there is no schema that could be used: asking again at once would not help. Else the registry has a problem. */
export const isVerdict = (error: unknown): boolean =>
  error instanceof SchemaNotFoundError || error instanceof InvalidSchemaError
