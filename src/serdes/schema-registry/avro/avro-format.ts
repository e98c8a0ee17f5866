import type { ByteWriter } from '../../byte-writer.js'
import { shown } from '../../serde-error.js'
import { perSchema } from '../per-schema.js'
import { InvalidSchemaError, InvalidSerdeOptionError, SchemaResolutionError } from '../registry-errors.js'
import type { SchemaFormat, SchemaReader, SchemaWriter } from '../schema-format.js'
import { type SchemaSource, schemaOfCode } from '../schema-source.js'
import type { ResolvedSchema, SchemaReference, SchemaText } from '../schema-text.js'
import { avroJson } from '../syntax/avro-idl.js'
import { type AvroSchema, isAvroNamed } from '../syntax/avro-schema.js'
import { avroSyntax } from '../syntax/avro-syntax.js'
import { Bounds } from './bounds.js'
import { ReaderCompiler } from './compile-reader.js'
import { WriterCompiler } from './compile-writer.js'
import { type AvroLogicalTypes, Representation } from './logical-types/logical-type.js'
import { asMisfit, pathText, serdeError } from './misfit.js'
import { Payload } from './payload.js'
import type { ValueReader } from './value-reader.js'
import type { ValueWriter } from './value-writer.js'

/** What an Avro serde is made of, besides the registry. */
export interface AvroFormatOptions {
  /**
   * A schema as an object (`as const`, so that values have its type), as text in JSON or in Avro IDL, the name of a primitive
   * type, a file (`new URL('./flight.avsc', import.meta.url)`, also `.avdl`), or `'latest'`: the latest version of the subject.
   */
  readonly schema: SchemaSource
  /** The schemas that this one names and does not have in it. */
  readonly references?: readonly SchemaReference[]
  /**
   * What a long is: a number, which must be a safe integer both ways (others are refused, never rounded), or a bigint.
   * Default `number`.
   */
  readonly long?: 'number' | 'bigint'
  /** How values of logical types look. */
  readonly logicalTypes?: AvroLogicalTypes
}

/** Avro: schemas, writers and readers by the rules of schema resolution. */
export function avroFormat<T>({
  schema,
  references = [],
  long = 'number',
  logicalTypes = {},
}: AvroFormatOptions): SchemaFormat<T> {
  if (long !== 'number' && long !== 'bigint') {
    throw new InvalidSerdeOptionError('avro', 'long', `${shown(long)} is not allowed: 'number' or 'bigint'`)
  }
  const given = schemaOfCode('avro', 'AVRO', isName(schema) ? JSON.stringify(schema) : schema, references)
  const text = given && { ...given, schema: avroJson(given.schema) }
  const format = new AvroFormat<T>(text, new Representation(long, logicalTypes))
  // What is wrong with a schema shows where it is given; one that refers to others waits for them.
  if (text !== undefined && references.length === 0) {
    format.writer(
      { type: 'AVRO', schema: text.schema, referenced: [] },
      schema instanceof URL ? `Avro schema ${schema.href}` : undefined,
    )
  }
  return format
}

/** `long` is the schema `"long"`. */
const isName = (schema: SchemaSource): boolean =>
  typeof schema === 'string' && schema !== 'latest' && /^\w+$/.test(schema)

class AvroFormat<T> implements SchemaFormat<T> {
  readonly name = 'avro'
  readonly type = 'AVRO'
  private readonly parsed = perSchema(avroSyntax)

  constructor(
    readonly schema: SchemaText | undefined,
    private readonly representation: Representation,
  ) {}

  recordName(schema: ResolvedSchema): string | undefined {
    const parsed = this.parsed(schema)
    return isAvroNamed(parsed) ? parsed.fullName : undefined
  }

  /** @param label the schema, for people */
  writer(schema: ResolvedSchema, label = 'Avro schema'): SchemaWriter<T> {
    const parsed = this.parsed(schema, label)
    const bounds = new Bounds()
    try {
      return new AvroWriter(new WriterCompiler(this.representation, bounds).compile(parsed), bounds)
    } catch (error) {
      const { path, message } = asMisfit(error)
      throw new InvalidSchemaError(label, `default of field ${pathText(path)}: ${message}`, {
        cause: error,
      })
    }
  }

  reader(writer: ResolvedSchema, reader: ResolvedSchema): SchemaReader<T> {
    if (writer.type !== 'AVRO') {
      throw new SchemaResolutionError(`it was written with a schema of type ${writer.type}, not AVRO`)
    }
    const bounds = new Bounds()
    return new AvroReader(this.resolve(this.parsed(writer), this.parsed(reader), bounds), bounds)
  }

  private resolve(writer: AvroSchema, reader: AvroSchema, bounds: Bounds): ValueReader {
    try {
      return new ReaderCompiler(this.representation, bounds).compile(writer, reader)
    } catch (error) {
      const { path, message } = asMisfit(error)
      const field = path.length === 0 ? '' : `field ${pathText(path)}: `
      throw new SchemaResolutionError(`${field}${message}`, { cause: error })
    }
  }
}

class AvroWriter<T> implements SchemaWriter<T> {
  constructor(
    private readonly root: ValueWriter,
    private readonly bounds: Bounds,
  ) {}

  write(value: T, target: ByteWriter): void {
    const { position } = target
    this.bounds.reset()
    try {
      this.root.write(value, target)
    } catch (error) {
      target.position = position
      throw serdeError(error)
    }
  }
}

class AvroReader<T> implements SchemaReader<T> {
  private spare: Payload | undefined = new Payload()

  constructor(
    private readonly root: ValueReader,
    private readonly bounds: Bounds,
  ) {}

  read(source: Buffer, start: number, end: number): T {
    // A conversion may read with the same reader: it finds none to spare.
    const payload = this.spare ?? new Payload()
    this.spare = undefined
    payload.set(source, start, end)
    this.bounds.reset()
    try {
      const value = this.root.read(payload)
      payload.requireEnd()
      return value as T
    } catch (error) {
      throw serdeError(error)
    } finally {
      payload.clear()
      this.spare = payload
    }
  }
}
