import { type AvroRecord, type AvroSchema, type AvroUnion, branchName } from '../syntax/avro-schema.js'
import type { Bounds } from './bounds.js'
import { ArrayWriter, MapWriter } from './collection-writers.js'
import { ConvertedWriter } from './converted.js'
import { defaultValue } from './default-value.js'
import { describeSchema } from './describe-schema.js'
import { hasNoBytes } from './has-no-bytes.js'
import type { Representation } from './logical-types/logical-type.js'
import { placed } from './misfit.js'
import { RecordWriter } from './record-writer.js'
import { RecursiveWriter } from './recursion.js'
import {
  BigLongWriter,
  BooleanWriter,
  BytesWriter,
  DoubleWriter,
  EnumWriter,
  FixedWriter,
  FloatWriter,
  IntWriter,
  LongWriter,
  NullWriter,
  StringWriter,
} from './scalar-writers.js'
import { unionValues } from './union-values.js'
import { UnionWriter, WrappedUnionWriter } from './union-writers.js'
import type { ValueWriter } from './value-writer.js'

/** Makes the writer of a schema. */
export class WriterCompiler {
  private readonly known = new Map<AvroRecord, ValueWriter>()

  constructor(
    private readonly representation: Representation,
    private readonly bounds: Bounds,
  ) {}

  /** @throws {Misfit} at a default that is none of its type */
  compile(schema: AvroSchema): ValueWriter {
    const raw = this.raw(schema)
    const conversion = this.representation.conversionOf(schema)
    return conversion === undefined ? raw : new ConvertedWriter(raw, conversion)
  }

  private raw(schema: AvroSchema): ValueWriter {
    switch (schema.kind) {
      case 'null':
        return new NullWriter()
      case 'boolean':
        return new BooleanWriter()
      case 'int':
        return new IntWriter()
      case 'long':
        return this.representation.isBigLong(schema) ? new BigLongWriter() : new LongWriter()
      case 'float':
        return new FloatWriter()
      case 'double':
        return new DoubleWriter()
      case 'string':
        return new StringWriter()
      case 'bytes':
        return new BytesWriter()
      case 'fixed':
        return new FixedWriter(schema.size)
      case 'enum':
        return new EnumWriter(schema.fullName, schema.symbols)
      case 'array':
        return new ArrayWriter(this.compile(schema.items), hasNoBytes(schema.items) ? this.bounds : undefined)
      case 'map':
        return new MapWriter(this.compile(schema.values))
      case 'record':
        return this.record(schema)
      case 'union':
        return this.union(schema)
    }
  }

  private record(schema: AvroRecord): ValueWriter {
    const known = this.known.get(schema)
    if (known !== undefined) return known
    const within = new RecursiveWriter(this.bounds)
    this.known.set(schema, within)
    const fields = schema.fields.map(({ name, type, default: json }) => {
      try {
        const writer = this.compile(type)
        const value = json === undefined ? undefined : defaultValue(type, json, this.representation)
        return { name, writer, defaultValue: value }
      } catch (error) {
        throw placed(error, name)
      }
    })
    const writer = new RecordWriter(`a ${describeSchema(schema)}`, fields)
    within.target = writer
    this.known.set(schema, writer)
    return writer
  }

  private union(schema: AvroUnion): ValueWriter {
    const values = unionValues(schema, this.representation)
    const branches = schema.branches.map((branch) => this.compile(branch))
    return values.wrapped
      ? new WrappedUnionWriter(branches, schema.branches.map(branchName))
      : new UnionWriter(branches, values, describeSchema(schema))
  }
}
