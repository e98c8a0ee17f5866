import { SchemaResolutionError } from '../registry-errors.js'
import type { FieldType, MessageField, MessageType, ScalarName } from './message-type.js'

/** Scalars that are written alike, so that one can be read as the other (https://protobuf.dev/programming-guides/proto3/#updating). */
const WRITTEN_AS: Readonly<Record<ScalarName, string>> = {
  int32: 'varint',
  uint32: 'varint',
  int64: 'varint',
  uint64: 'varint',
  bool: 'varint',
  sint32: 'zigzag',
  sint64: 'zigzag',
  fixed32: 'fixed32',
  sfixed32: 'fixed32',
  fixed64: 'fixed64',
  sfixed64: 'fixed64',
  float: 'float',
  double: 'double',
  string: 'bytes',
  bytes: 'bytes',
}

/** Pairs of messages that are compared already. */
type Compared = Map<MessageType, Set<MessageType>>

/**
 * Requires that what was written as one message can be read as another. Fields are one by their number; the values of
 * a record may still be too large for a narrower type.
 *
 * @throws {SchemaResolutionError}
 */
export function requireReadable(writer: MessageType, reader: MessageType): void {
  const problem = problemOf(writer, reader, new Map())
  if (problem !== undefined) throw new SchemaResolutionError(`${reader.name} cannot be read: ${problem}`)
}

function problemOf(writer: MessageType, reader: MessageType, compared: Compared): string | undefined {
  const readers = compared.get(writer) ?? new Set()
  if (writer === reader || readers.has(reader)) return undefined
  compared.set(writer, readers.add(reader))
  const written = new Map(writer.fields.map((field) => [field.number, field]))
  for (const field of reader.fields) {
    const problem = problemOfField(written.get(field.number), field, compared)
    if (problem !== undefined) return `${reader.name}.${field.name} (${field.number}): ${problem}`
  }
  return undefined
}

function problemOfField(
  writer: MessageField | undefined,
  reader: MessageField,
  compared: Compared,
): string | undefined {
  if (writer === undefined) {
    return reader.cardinality === 'required' ? 'it is required, and was never written' : undefined
  }
  const [written, read] = [typeOf(writer), typeOf(reader)]
  if (!areAlike(writtenAs(written, writer), writtenAs(read, reader), written, read)) {
    return `it was written as ${describe(writer)}, which cannot be read as ${describe(reader)}`
  }
  // Numbers may be packed, and are none then; of what has a length of its own the last one is read.
  if (isMany(writer) && !isMany(reader) && !hasLength(written)) {
    return `it was written as ${describe(writer)}, of which only one would be read`
  }
  return written.kind === 'message' && read.kind === 'message'
    ? problemOf(written.message, read.message, compared)
    : undefined
}

/** A map is written as a message for each of its entries. */
function typeOf({ name, type, keyType }: MessageField): FieldType {
  if (keyType === undefined) return type
  const rest = { cardinality: 'explicit', packed: false, delimited: false } as const
  const key: MessageField = { name: 'key', number: 1, type: { kind: 'scalar', scalar: keyType }, ...rest }
  const value: MessageField = { name: 'value', number: 2, type, ...rest }
  return { kind: 'message', message: { name, fields: [key, value] } }
}

function writtenAs(type: FieldType, { delimited }: MessageField): string {
  if (type.kind === 'scalar') return WRITTEN_AS[type.scalar]
  if (type.kind === 'enum') return 'varint'
  return delimited ? 'group' : 'message'
}

/** Bytes may be those of a message; a text is none. */
function areAlike(written: string, read: string, writer: FieldType, reader: FieldType): boolean {
  return (
    written === read || (isBytes(writer) && read === 'message') || (written === 'message' && isBytes(reader))
  )
}

const isBytes = (type: FieldType): boolean => type.kind === 'scalar' && type.scalar === 'bytes'

const hasLength = (type: FieldType): boolean =>
  type.kind === 'message' || (type.kind === 'scalar' && WRITTEN_AS[type.scalar] === 'bytes')

const isMany = ({ cardinality }: MessageField): boolean => cardinality === 'repeated' || cardinality === 'map'

function describe({ type, keyType, cardinality }: MessageField): string {
  const name =
    type.kind === 'scalar' ? type.scalar : type.kind === 'enum' ? type.enum.name : type.message.name
  if (keyType !== undefined) return `map<${keyType}, ${name}>`
  return cardinality === 'repeated' ? `repeated ${name}` : name
}
