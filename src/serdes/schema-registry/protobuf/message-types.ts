import protobuf from 'protobufjs'
import { InvalidSchemaError } from '../registry-errors.js'
import type {
  Cardinality,
  EnumType,
  FieldType,
  MessageField,
  MessageType,
  ScalarName,
} from './message-type.js'

/** Makes message types of what protobufjs has parsed: one for each, as they may contain themselves. */
export class MessageTypes {
  private readonly types = new Map<protobuf.Type, MessageType>()

  of(type: protobuf.Type): MessageType {
    const known = this.types.get(type)
    if (known !== undefined) return known
    const fields: MessageField[] = []
    const message: MessageType = { name: nameOf(type), fields }
    this.types.set(type, message)
    for (const field of type.fieldsArray) fields.push(this.field(field))
    fields.sort((left, right) => left.number - right.number)
    requireNames(message)
    return message
  }

  private field(field: protobuf.Field): MessageField {
    const type = this.type(field)
    const keyType = field instanceof protobuf.MapField ? field.keyType : undefined
    const oneof =
      field.partOf !== null && field.options?.proto3_optional !== true ? field.partOf.name : undefined
    const absent = defaultOf(field, type)
    return {
      name: propertyOf(field.name),
      number: field.id,
      cardinality: cardinalityOf(field, type),
      type,
      packed: field.packed,
      delimited: field.delimited,
      ...(keyType === undefined ? {} : { keyType: keyType as ScalarName }),
      ...(oneof === undefined ? {} : { oneof }),
      ...(absent === undefined ? {} : { default: absent }),
    }
  }

  private type({ type, resolvedType }: protobuf.Field): FieldType {
    if (resolvedType === null) return { kind: 'scalar', scalar: type as ScalarName }
    return resolvedType instanceof protobuf.Enum
      ? { kind: 'enum', enum: enumOf(resolvedType) }
      : { kind: 'message', message: this.of(resolvedType) }
  }
}

const nameOf = (object: protobuf.ReflectionObject): string => object.fullName.slice(1)

/** As Protobuf's JSON names it: in lowerCamelCase; an extension by its full name in brackets. */
export function propertyOf(declared: string): string {
  if (declared.startsWith('.')) return `[${declared.slice(1)}]`
  return declared.replace(/_+([^_]?)/g, (_, next: string) => next.toUpperCase())
}

function enumOf(declared: protobuf.Enum): EnumType {
  return { name: nameOf(declared), numbers: new Map(Object.entries(declared.values)) }
}

function cardinalityOf(field: protobuf.Field, type: FieldType): Cardinality {
  if (field.map) return 'map'
  if (field.repeated) return 'repeated'
  if (field.required) return 'required'
  return field.hasPresence || type.kind === 'message' ? 'explicit' : 'implicit'
}

function defaultOf(field: protobuf.Field, type: FieldType): unknown {
  const value: unknown = field.options?.default
  if (value === undefined || field.partOf !== null || field.required || field.repeated) return undefined
  if (type.kind === 'scalar' && type.scalar === 'bytes')
    return new Uint8Array(Buffer.from(String(value), 'latin1'))
  if (type.kind === 'scalar' && type.scalar.endsWith('64') && !Number.isSafeInteger(value)) {
    throw new InvalidSchemaError('the Protobuf schema', `the default of ${field.name} is no safe integer`)
  }
  return value
}

/** Properties must tell the fields of a message apart. */
function requireNames({ name, fields }: MessageType): void {
  const names = new Set<string>()
  for (const field of fields) {
    if (names.has(field.name)) {
      throw new InvalidSchemaError(
        'the Protobuf schema',
        `${name} has two fields that are called ${field.name}`,
      )
    }
    names.add(field.name)
  }
}
