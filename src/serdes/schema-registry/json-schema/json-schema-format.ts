import type { ByteWriter } from '../../byte-writer.js'
import { JsonReader } from '../../json-reader.js'
import { SerdeError, shown } from '../../serde-error.js'
import { perSchema } from '../per-schema.js'
import { InvalidSerdeOptionError, SchemaResolutionError } from '../registry-errors.js'
import type { SchemaFormat, SchemaReader, SchemaWriter } from '../schema-format.js'
import { type SchemaSource, schemaOfCode } from '../schema-source.js'
import type { ResolvedSchema, SchemaReference, SchemaText } from '../schema-text.js'
import { keywordsOf, parsed, type Validator, validatorOf } from './validator.js'

const WHENS = ['both', 'write', 'read'] as const

type ValidatedWhen = (typeof WHENS)[number]

/** What a serde of JSON Schema is made of, besides the registry. */
export interface JsonSchemaFormatOptions {
  /** The schema as an object or as text, its file, or `'latest'`. */
  readonly schema: SchemaSource
  /** The registered schemas that the schema refers to; a reference is named as `$ref` has it. */
  readonly references?: readonly SchemaReference[]
  /** When values are held against the schema; the default is `both`. */
  readonly validate?: 'both' | 'write' | 'read'
}

const NAME = 'json-schema'
const ANYTHING: Validator = () => undefined

/**
 * JSON text of values that a JSON Schema describes.
 *
 * @throws {InvalidSchemaError} if the schema of the code is none
 */
export function jsonSchemaFormat<T>({
  schema,
  references = [],
  validate = 'both',
}: JsonSchemaFormatOptions): SchemaFormat<T> {
  if (!WHENS.includes(validate)) {
    throw new InvalidSerdeOptionError(
      NAME,
      'validate',
      `${shown(validate)} is not allowed: 'both', 'write' or 'read'`,
    )
  }
  const text = schemaOfCode(NAME, 'JSON', schema, references)
  const format = new JsonSchemaFormat<T>(text, validate)
  // What is wrong with a schema shows where it is given; one that refers to others waits for them.
  if (text !== undefined && references.length === 0) format.writer({ ...text, referenced: [] })
  return format
}

class JsonSchemaFormat<T> implements SchemaFormat<T> {
  readonly name = NAME
  readonly type = 'JSON'
  /** Compiling takes milliseconds. */
  private readonly validatorOf = perSchema(validatorOf)

  constructor(
    readonly schema: SchemaText | undefined,
    private readonly validated: ValidatedWhen,
  ) {}

  /** The title, or else the id. */
  recordName({ schema }: ResolvedSchema): string | undefined {
    const { title, $id, id } = keywordsOf(parsed('the JSON Schema', schema))
    return [title, $id, id].find((name) => typeof name === 'string')
  }

  writer(schema: ResolvedSchema): SchemaWriter<T> {
    const validator = this.validatorOf(schema)
    return new JsonSchemaWriter(this.validated === 'read' ? ANYTHING : validator)
  }

  reader(writer: ResolvedSchema, reader: ResolvedSchema): SchemaReader<T> {
    if (writer.type !== this.type) {
      throw new SchemaResolutionError(
        `JSON Schema cannot read what was written with a schema of ${writer.type}`,
      )
    }
    const validator = this.validatorOf(reader)
    return new JsonSchemaReader(this.validated === 'write' ? ANYTHING : validator)
  }
}

class JsonSchemaWriter<T> implements SchemaWriter<T> {
  constructor(private readonly problemOf: Validator) {}

  write(value: T, target: ByteWriter): void {
    target.writeUtf8(this.textOf(value))
  }

  private textOf(value: T): string {
    let text: string | undefined
    let problem: string | undefined
    try {
      problem = this.problemOf(value)
      if (problem === undefined) text = JSON.stringify(value)
    } catch (cause) {
      throw new SerdeError(NAME, `the value cannot be written: ${(cause as Error).message}`, { cause })
    }
    if (problem !== undefined) throw new SerdeError(NAME, problem)
    if (text === undefined) throw new SerdeError(NAME, `${shown(value)} is no JSON value`)
    return text
  }
}

class JsonSchemaReader<T> implements SchemaReader<T> {
  private readonly json = new JsonReader()

  constructor(private readonly problemOf: Validator) {}

  read(source: Buffer, start: number, end: number): T {
    let value: unknown
    let problem: string | undefined
    try {
      value = this.json.read(source, start, end)
      problem = this.problemOf(value)
    } catch (cause) {
      throw new SerdeError(NAME, `the payload cannot be read: ${(cause as Error).message}`, { cause })
    }
    if (problem !== undefined) throw new SerdeError(NAME, problem)
    return value as T
  }
}
