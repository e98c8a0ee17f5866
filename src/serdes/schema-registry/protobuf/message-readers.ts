import {
  GroupFieldReader,
  GroupReader,
  MapReader,
  MessageFieldReader,
  OneofReader,
  PackedReader,
  RepeatedReader,
  ScalarFieldReader,
} from './field-readers.js'
import { type FieldReader, MessageReader } from './message-reader.js'
import type { FieldType, MessageField, MessageType, ScalarName } from './message-type.js'
import { enumType, type LongAs, type ScalarType, scalarType } from './scalar-types.js'
import { LENGTH_DELIMITED, START_GROUP } from './wire-type.js'

/** Makes the readers of message types, one for each, as types may contain themselves. */
export class MessageReaders {
  private readonly readers = new Map<MessageType, MessageReader>()

  constructor(private readonly longAs: LongAs) {}

  of(type: MessageType): MessageReader {
    const known = this.readers.get(type)
    if (known !== undefined) return known
    const reader = new MessageReader()
    this.readers.set(type, reader)
    for (const field of type.fields) this.add(reader, field, othersOf(type, field))
    return reader
  }

  /** @param others the other fields of its oneof */
  private add(reader: MessageReader, field: MessageField, others: readonly string[]): void {
    const { name, number, cardinality, type } = field
    if (cardinality === 'required') reader.addRequired(name)
    if (cardinality === 'map') {
      reader.addMade(name, () => ({}))
      reader.add(number, LENGTH_DELIMITED, new MapReader(name, this.entry(field.keyType!, type)))
    } else if (cardinality === 'repeated') {
      reader.addMade(name, () => [])
      this.addRepeated(reader, field)
    } else if (type.kind === 'message') {
      const wireType = field.delimited ? START_GROUP : LENGTH_DELIMITED
      reader.add(number, wireType, inOneof(this.messageField(field, type.message), others))
    } else {
      const scalar = this.scalar(type)
      addAbsent(reader, field, scalar)
      reader.add(number, scalar.wireType, inOneof(new ScalarFieldReader(name, scalar.reader), others))
    }
  }

  private addRepeated(reader: MessageReader, { name, number, type, delimited }: MessageField): void {
    if (type.kind === 'message') {
      const value = this.of(type.message)
      if (delimited) reader.add(number, START_GROUP, new RepeatedReader(name, new GroupReader(value, number)))
      else reader.add(number, LENGTH_DELIMITED, new RepeatedReader(name, value))
      return
    }
    const scalar = this.scalar(type)
    // Numbers are read in either way, whatever the schema says.
    reader.add(number, LENGTH_DELIMITED, new PackedReader(name, scalar.reader))
    reader.add(number, scalar.wireType, new RepeatedReader(name, scalar.reader))
  }

  private messageField({ name, number, delimited }: MessageField, type: MessageType): FieldReader {
    const reader = this.of(type)
    return delimited ? new GroupFieldReader(name, reader, number) : new MessageFieldReader(name, reader)
  }

  private entry(keyType: ScalarName, type: FieldType): MessageReader {
    const entry = new MessageReader()
    const key = scalarType(keyType, 'bigint')
    entry.addAbsent('key', key.zero)
    entry.add(1, key.wireType, new ScalarFieldReader('key', key.reader))
    if (type.kind === 'message') {
      const value = this.of(type.message)
      entry.addMade('value', () => value.empty())
      entry.add(2, LENGTH_DELIMITED, new MessageFieldReader('value', value))
    } else {
      const value = this.scalar(type)
      entry.addAbsent('value', value.zero)
      entry.add(2, value.wireType, new ScalarFieldReader('value', value.reader))
    }
    return entry
  }

  private scalar(type: Exclude<FieldType, { kind: 'message' }>): ScalarType {
    return type.kind === 'enum' ? enumType(type.enum) : scalarType(type.scalar, this.longAs)
  }
}

function othersOf({ fields }: MessageType, { name, oneof }: MessageField): readonly string[] {
  if (oneof === undefined) return []
  return fields.filter((field) => field.oneof === oneof && field.name !== name).map((field) => field.name)
}

const inOneof = (reader: FieldReader, others: readonly string[]): FieldReader =>
  others.length === 0 ? reader : new OneofReader(reader, others)

function addAbsent(
  reader: MessageReader,
  { name, cardinality, ...field }: MessageField,
  { zero }: ScalarType,
): void {
  const value = field.default
  if (value instanceof Uint8Array) reader.addMade(name, () => value.slice())
  else if (value !== undefined)
    reader.addAbsent(name, typeof zero === 'bigint' ? BigInt(value as number) : value)
  else if (cardinality === 'implicit') reader.addAbsent(name, zero)
}
