import {
  type AvroArray,
  type AvroEnum,
  type AvroRecord,
  type AvroSchema,
  type AvroUnion,
  branchName,
  isAvroNamed,
} from '../syntax/avro-schema.js'
import type { Bounds } from './bounds.js'
import { ArrayReader, MapReader } from './collection-readers.js'
import { ConvertedReader } from './converted.js'
import { defaultValue } from './default-value.js'
import { describeSchema } from './describe-schema.js'
import { hasNoBytes } from './has-no-bytes.js'
import type { Representation } from './logical-types/logical-type.js'
import { asMisfit, EACH, Misfit, pathText, placed } from './misfit.js'
import { type ReadField, RecordReader, type WrittenField } from './record-reader.js'
import { RecursiveReader } from './recursion.js'
import { hasNameOf, isSame, isSameNumber } from './resolution-rules.js'
import {
  BigLongReader,
  BooleanReader,
  BytesReader,
  DoubleReader,
  EnumReader,
  FixedReader,
  FloatReader,
  IntReader,
  LongReader,
  NullReader,
  RoundedIntReader,
  RoundedLongReader,
  StringReader,
  WidenedIntReader,
} from './scalar-readers.js'
import { UnionReader, UnreadableReader, WrappedReader } from './union-readers.js'
import { unionValues } from './union-values.js'
import type { ValueReader } from './value-reader.js'

/** Makes readers of what one schema has written, as another one has it: Avro's schema resolution. */
export class ReaderCompiler {
  /** Readers of records, by the writer's and the reader's; those last that are made within the others. */
  private readonly known: { writer: AvroRecord; reader: AvroRecord; made: ValueReader }[] = []

  constructor(
    private readonly representation: Representation,
    private readonly bounds: Bounds,
  ) {}

  /** @throws {Misfit} if the reader's schema cannot read any value of the writer's, or has a default that is none */
  compile(writer: AvroSchema, reader: AvroSchema): ValueReader {
    if (writer.kind === 'union') return this.writtenUnion(writer, reader)
    if (reader.kind === 'union') return this.branch(writer, reader)
    if (!isSameNumber(writer, reader)) throw unreadable(writer, reader)
    const raw = this.raw(writer, reader)
    const conversion = this.representation.conversionOf(reader)
    return conversion === undefined ? raw : new ConvertedReader(raw, conversion)
  }

  private raw(writer: AvroSchema, reader: AvroSchema): ValueReader {
    const made = this.scalar(writer, reader) ?? this.named(writer, reader) ?? this.collection(writer, reader)
    if (made === undefined) throw unreadable(writer, reader)
    return made
  }

  private scalar(writer: AvroSchema, reader: AvroSchema): ValueReader | undefined {
    switch (`${writer.kind} as ${reader.kind}`) {
      case 'null as null':
        return new NullReader()
      case 'boolean as boolean':
        return new BooleanReader()
      case 'int as int':
      case 'int as double':
        return new IntReader()
      case 'int as long':
        return this.representation.isBigLong(reader) ? new WidenedIntReader() : new IntReader()
      case 'int as float':
        return new RoundedIntReader()
      case 'long as long':
        return this.representation.isBigLong(reader) ? new BigLongReader() : new LongReader()
      case 'long as float':
        return new RoundedLongReader(true)
      case 'long as double':
        return new RoundedLongReader(false)
      case 'float as float':
      case 'float as double':
        return new FloatReader()
      case 'double as double':
        return new DoubleReader()
      case 'string as string':
      case 'bytes as string':
        return new StringReader()
      case 'bytes as bytes':
      case 'string as bytes':
        return new BytesReader()
      default:
        return undefined
    }
  }

  private named(writer: AvroSchema, reader: AvroSchema): ValueReader | undefined {
    if (!isAvroNamed(writer) || !isAvroNamed(reader) || !hasNameOf(reader, writer)) return undefined
    if (writer.kind === 'record' && reader.kind === 'record') return this.record(writer, reader)
    if (writer.kind === 'enum' && reader.kind === 'enum') return enumReader(writer, reader)
    if (writer.kind === 'fixed' && reader.kind === 'fixed' && writer.size === reader.size) {
      return new FixedReader(reader.size)
    }
    return undefined
  }

  private collection(writer: AvroSchema, reader: AvroSchema): ValueReader | undefined {
    if (writer.kind === 'array' && reader.kind === 'array') return this.array(writer, reader)
    if (writer.kind === 'map' && reader.kind === 'map') {
      return new MapReader(this.within(EACH, writer.values, reader.values))
    }
    return undefined
  }

  private array(writer: AvroArray, reader: AvroArray): ValueReader {
    const items = this.within(EACH, writer.items, reader.items)
    return new ArrayReader(items, hasNoBytes(writer.items) ? this.bounds : undefined)
  }

  private within(step: string, writer: AvroSchema, reader: AvroSchema): ValueReader {
    try {
      return this.compile(writer, reader)
    } catch (error) {
      throw placed(error, step)
    }
  }

  private record(writer: AvroRecord, reader: AvroRecord): ValueReader {
    const known = this.known.find((made) => made.writer === writer && made.reader === reader)
    if (known !== undefined) return known.made
    const recursive = new RecursiveReader(this.bounds)
    const entry: (typeof this.known)[number] = { writer, reader, made: recursive }
    const before = this.known.push(entry) - 1
    try {
      const made = this.newRecord(writer, reader)
      recursive.target = made
      entry.made = made
      return made
    } catch (error) {
      // What was made within it may lead back to it.
      this.known.length = before
      throw error
    }
  }

  private newRecord(writer: AvroRecord, reader: AvroRecord): ValueReader {
    const sources = sourcesOf(writer, reader)
    const written = writer.fields.map(({ name, type }, index): WrittenField => {
      const target = reader.fields[sources.indexOf(index)]
      const made = target === undefined ? this.compile(type, type) : this.within(name, type, target.type)
      return { name, reader: made, isKept: target !== undefined }
    })
    const fields = reader.fields.map((field, index): ReadField => {
      const { name, type, default: json } = field
      const source = sources[index]
      if (source !== undefined) return { name, from: source }
      if (json === undefined) {
        throw placed(
          new Misfit(
            `${describeSchema(type)} of the reader's is not in what was written, and has no default`,
          ),
          name,
        )
      }
      try {
        return { name, from: defaultValue(type, json, this.representation) }
      } catch (error) {
        const problem = asMisfit(error)
        throw placed(new Misfit(`default: ${textOf(problem)}`), name)
      }
    })
    return new RecordReader(written, fields)
  }

  /** A union in what was written: each of its types is read by itself, and may be one that is never met. */
  private writtenUnion(writer: AvroUnion, reader: AvroSchema): ValueReader {
    const problems: Misfit[] = []
    const branches = writer.branches.map((branch) => {
      try {
        return this.compile(branch, reader)
      } catch (error) {
        const problem = asMisfit(error)
        if (branch.kind !== 'null') problems.push(problem)
        return new UnreadableReader(textOf(problem), this.compile(branch, branch))
      }
    })
    const types = writer.branches.filter((branch) => branch.kind !== 'null')
    if (types.length > 0 && problems.length === types.length) {
      throw problems.length === 1 ? problems[0]! : unreadable(writer, reader)
    }
    return new UnionReader(branches)
  }

  /** One type as a union: as the type of its name, or of its kind, or else the first that it can be read as. */
  private branch(writer: AvroSchema, reader: AvroUnion): ValueReader {
    const named = reader.branches.filter((branch) => branchName(branch) === branchName(writer))
    const same = new Set([...named, ...reader.branches.filter((branch) => isSame(writer, branch))])
    const problems: Misfit[] = []
    for (const branch of new Set([...same, ...reader.branches])) {
      try {
        const made = this.compile(writer, branch)
        const { wrapped } = unionValues(reader, this.representation)
        return wrapped && branch.kind !== 'null' ? new WrappedReader(branchName(branch), made) : made
      } catch (error) {
        problems.push(asMisfit(error))
      }
    }
    // Of the type that is meant, the problem is known better than that there is none.
    throw same.size > 0 ? problems[0]! : unreadable(writer, reader)
  }
}

/** For each field of the reader's, the number of the one that was written; undefined: there is none. */
function sourcesOf(writer: AvroRecord, reader: AvroRecord): readonly (number | undefined)[] {
  const byName = new Map(writer.fields.map(({ name }, index) => [name, index]))
  const taken = new Set(reader.fields.map(({ name }) => name))
  return reader.fields.map(({ name, aliases }) => {
    const source = byName.get(name)
    if (source !== undefined) return source
    const alias = aliases.find((alias) => byName.has(alias) && !taken.has(alias))
    if (alias === undefined) return undefined
    taken.add(alias)
    return byName.get(alias)
  })
}

function enumReader(writer: AvroEnum, reader: AvroEnum): ValueReader {
  const symbols = new Set(reader.symbols)
  const read = writer.symbols.map((symbol) => (symbols.has(symbol) ? symbol : reader.default))
  return new EnumReader(read, writer.symbols, reader.fullName)
}

const unreadable = (writer: AvroSchema, reader: AvroSchema): Misfit =>
  new Misfit(`${describeSchema(writer)} was written, which cannot be read as ${describeSchema(reader)}`)

function textOf({ path, message }: Misfit): string {
  const place = pathText(path)
  return place === '' ? message : `${place}: ${message}`
}
