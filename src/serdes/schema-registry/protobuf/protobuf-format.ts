import type { ByteWriter } from '../../byte-writer.js'
import { SerdeError, shown } from '../../serde-error.js'
import { perSchema } from '../per-schema.js'
import { InvalidSerdeOptionError, SchemaResolutionError } from '../registry-errors.js'
import type { SchemaFormat, SchemaReader, SchemaWriter } from '../schema-format.js'
import { schemaOfCode } from '../schema-source.js'
import type { ResolvedSchema, SchemaReference, SchemaText } from '../schema-text.js'
import { FieldProblem, SERDE_NAME } from './field-problem.js'
import { readMessageIndexes, writeMessageIndexes } from './message-indexes.js'
import type { MessageReader } from './message-reader.js'
import { MessageReaders } from './message-readers.js'
import type { MessageWriter } from './message-writer.js'
import { MessageWriters } from './message-writers.js'
import { ProtoFile } from './proto-file.js'
import type { LongAs } from './scalar-types.js'
import { requireReadable } from './wire-compatibility.js'
import { WireInput } from './wire-input.js'
import { WireOutput } from './wire-output.js'

/** What a serde of Protobuf is made of, besides the registry. */
export interface ProtobufFormatOptions {
  /** The text of a .proto file, the file itself, or `'latest'`. */
  readonly schema: string | URL
  /** The registered files that the schema imports; a reference is named by the path that `import` has. */
  readonly references?: readonly SchemaReference[]
  /** Full name of the message, for example `travel.Flight`; the default is the first one of the file. */
  readonly message?: string
  /**
   * How 64-bit integers are read. `number`, the default, refuses what is no safe integer; `bigint` takes all. Both are
   * written in any case.
   */
  readonly long?: 'number' | 'bigint'
}

/**
 * Messages of Protobuf, as plain objects.
 *
 * @throws {InvalidSchemaError} if the schema of the code is none, or has no such message
 */
export function protobufFormat<T>({
  schema,
  references = [],
  message,
  long = 'number',
}: ProtobufFormatOptions): SchemaFormat<T> {
  if (long !== 'number' && long !== 'bigint') {
    throw new InvalidSerdeOptionError(
      SERDE_NAME,
      'long',
      `${shown(long)} is not allowed: 'number' or 'bigint'`,
    )
  }
  const text = schemaOfCode(SERDE_NAME, 'PROTOBUF', schema, references)
  const format = new ProtobufFormat<T>(text, message, long)
  // What is wrong with a schema shows where it is given; one that refers to others waits for them.
  if (text !== undefined && references.length === 0) format.writer({ ...text, referenced: [] })
  return format
}

class ProtobufFormat<T> implements SchemaFormat<T> {
  readonly name = SERDE_NAME
  readonly type = 'PROTOBUF'
  /** Parsing takes milliseconds. */
  private readonly fileOf = perSchema(ProtoFile.of)

  constructor(
    readonly schema: SchemaText | undefined,
    private readonly messageName: string | undefined,
    private readonly longAs: LongAs,
  ) {}

  recordName(schema: ResolvedSchema): string {
    return this.fileOf(schema).message(this.messageName).name
  }

  writer(schema: ResolvedSchema): SchemaWriter<T> {
    const file = this.fileOf(schema)
    const type = file.message(this.messageName)
    return new ProtobufWriter(file.indexesOf(type.name) ?? [0], new MessageWriters().of(type))
  }

  reader(writer: ResolvedSchema, reader: ResolvedSchema): SchemaReader<T> {
    if (writer.type !== this.type) {
      throw new SchemaResolutionError(`Protobuf cannot read what was written with a schema of ${writer.type}`)
    }
    const file = this.fileOf(writer)
    const type = this.fileOf(reader).message(this.messageName)
    const indexes = file.indexesOf(type.name)
    if (indexes === undefined) {
      throw new SchemaResolutionError(`${type.name} cannot be read: the writer's schema has no such message`)
    }
    requireReadable(file.message(type.name), type)
    return new ProtobufReader({ file, name: type.name, indexes }, new MessageReaders(this.longAs).of(type))
  }
}

class ProtobufWriter<T> implements SchemaWriter<T> {
  private readonly output = new WireOutput()

  constructor(
    private readonly indexes: readonly number[],
    private readonly message: MessageWriter,
  ) {}

  write(value: T, target: ByteWriter): void {
    writeMessageIndexes(this.indexes, target)
    this.output.open(target)
    try {
      this.message.writeFields(value, this.output)
    } catch (error) {
      throw asSerdeError(error)
    } finally {
      this.output.close()
    }
  }
}

/** A message in the file that it was written with. */
interface WrittenMessage {
  readonly file: ProtoFile
  readonly name: string
  readonly indexes: readonly number[]
}

class ProtobufReader<T> implements SchemaReader<T> {
  private readonly input = new WireInput()
  /** The indexes are a single 0. */
  private readonly isFirst: boolean

  constructor(
    private readonly written: WrittenMessage,
    private readonly message: MessageReader,
  ) {
    this.isFirst = written.indexes.length === 1 && written.indexes[0] === 0
  }

  read(source: Buffer, start: number, end: number): T {
    const { input } = this
    input.open(source, start, end)
    try {
      if (this.isFirst && start < end && source[start] === 0) input.position = start + 1
      else this.requireMessage()
      return this.message.readAll(input) as T
    } catch (error) {
      throw asSerdeError(error)
    } finally {
      input.close()
    }
  }

  private requireMessage(): void {
    const { file, name, indexes } = this.written
    const found = readMessageIndexes(this.input)
    if (found.length === indexes.length && found.every((index, depth) => index === indexes[depth])) return
    throw new FieldProblem(
      `it is a ${file.nameAt(found) ?? `message ${found.join('.')}, which is none`}, no ${name}`,
    )
  }
}

function asSerdeError(error: unknown): SerdeError {
  if (error instanceof FieldProblem) return error.toSerdeError()
  return new SerdeError(SERDE_NAME, (error as Error).message, { cause: error })
}
