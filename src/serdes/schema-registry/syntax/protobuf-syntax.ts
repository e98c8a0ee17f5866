import protobuf from 'protobufjs'
import { propertyOf } from '../protobuf/message-types.js'
import { parseProto } from '../protobuf/proto-sources.js'
import type { ResolvedSchema } from '../schema-text.js'

/** What a .proto file says, and the messages and enums that it uses of others. */
export interface ProtobufSyntax {
  readonly package: string
  /** By their names without the package, those in others too. */
  readonly messages: ReadonlyMap<string, ProtobufMessage>
  readonly enums: ReadonlyMap<string, ProtobufEnum>
}

export interface ProtobufMessage {
  /** Without the package: `Flight`, `Flight.Leg`. */
  readonly name: string
  readonly doc: string | undefined
  /** By ascending number. */
  readonly fields: readonly ProtobufField[]
  /** Whether the file itself declares it. */
  readonly isOwn: boolean
  /** Whether it stands in no other message: records may be one. */
  readonly isOutermost: boolean
  isReserved(numberOrName: number | string): boolean
}

/**
 * - `implicit`: absent means zero, which is not written (proto3).
 * - `explicit`: it is there or not.
 * - `required`: proto2.
 */
export type ProtobufCardinality = 'implicit' | 'explicit' | 'required' | 'repeated' | 'map'

export interface ProtobufField {
  /** As the file has it. */
  readonly name: string
  /** As values have it: in lowerCamelCase. */
  readonly property: string
  readonly number: number
  readonly doc: string | undefined
  readonly cardinality: ProtobufCardinality
  /** Of a map: the type of its values. */
  readonly type: ProtobufType
  readonly keyType: string | undefined
  /** Of which at most one field is there. */
  readonly oneof: string | undefined
  /** A group of proto2. */
  readonly isDelimited: boolean
}

export interface ProtobufType {
  readonly kind: 'scalar' | 'message' | 'enum'
  /** Of messages and enums as in {@link ProtobufSyntax}, those of other packages with the package. */
  readonly name: string
}

export interface ProtobufEnum {
  readonly name: string
  readonly doc: string | undefined
  readonly values: readonly ProtobufEnumValue[]
  isReserved(numberOrName: number | string): boolean
}

export interface ProtobufEnumValue {
  readonly name: string
  readonly number: number
  readonly doc: string | undefined
}

/**
 * Reads a Protobuf schema and what it imports.
 *
 * @throws {InvalidSchemaError}
 */
export function protobufSyntax(schema: ResolvedSchema): ProtobufSyntax {
  const own = parseProto(schema)
  const [first] = own
  if (first === undefined) return { package: '', messages: new Map(), enums: new Map() }
  const reading = new ProtobufReading(packageOf(first), new Set(own))
  reading.read(first.root)
  return reading
}

const packageOf = ({ parent }: protobuf.Type): string => parent?.fullName.slice(1) ?? ''

class ProtobufReading implements ProtobufSyntax {
  readonly messages = new Map<string, ProtobufMessage>()
  readonly enums = new Map<string, ProtobufEnum>()
  readonly package: string

  constructor(
    packageName: string,
    private readonly own: ReadonlySet<protobuf.Type>,
  ) {
    this.package = packageName
  }

  read(scope: protobuf.NamespaceBase): void {
    for (const each of scope.nestedArray) {
      if (each instanceof protobuf.Type) this.messages.set(this.nameOf(each), this.message(each))
      if (each instanceof protobuf.Enum) this.enums.set(this.nameOf(each), this.enum(each))
      if (each instanceof protobuf.Namespace) this.read(each)
    }
  }

  private nameOf({ fullName }: protobuf.ReflectionObject): string {
    const name = fullName.slice(1)
    const start = `${this.package}.`
    return this.package !== '' && name.startsWith(start) ? name.slice(start.length) : name
  }

  private message(type: protobuf.Type): ProtobufMessage {
    return {
      name: this.nameOf(type),
      doc: type.comment ?? undefined,
      fields: [...type.fieldsArray]
        .sort((left, right) => left.id - right.id)
        .map((field) => this.field(field)),
      isOwn: this.own.has(outermostOf(type)),
      isOutermost: !(type.parent instanceof protobuf.Type),
      isReserved: (each) => isReserved(type.reserved, each),
    }
  }

  private field(field: protobuf.Field): ProtobufField {
    const { resolvedType: resolved } = field
    const kind = resolved === null ? 'scalar' : resolved instanceof protobuf.Enum ? 'enum' : 'message'
    return {
      name: field.name,
      property: propertyOf(field.name),
      number: field.id,
      doc: field.comment ?? undefined,
      cardinality: cardinalityOf(field),
      type: { kind, name: resolved === null ? field.type : this.nameOf(resolved) },
      keyType: field instanceof protobuf.MapField ? field.keyType : undefined,
      // An optional field of proto3 has a oneof of its own that is not in the file.
      oneof: field.getOption('proto3_optional') === true ? undefined : field.partOf?.name,
      isDelimited: field.delimited,
    }
  }

  private enum(type: protobuf.Enum): ProtobufEnum {
    return {
      name: this.nameOf(type),
      doc: type.comment ?? undefined,
      values: Object.entries(type.values).map(([name, number]) => ({
        name,
        number,
        doc: type.comments[name] ?? undefined,
      })),
      isReserved: (each) => isReserved(type.reserved, each),
    }
  }
}

const outermostOf = (type: protobuf.Type): protobuf.Type =>
  type.parent instanceof protobuf.Type ? outermostOf(type.parent) : type

function cardinalityOf(field: protobuf.Field): ProtobufCardinality {
  if (field instanceof protobuf.MapField) return 'map'
  if (field.repeated) return 'repeated'
  if (field.required) return 'required'
  return field.hasPresence || field.resolvedType instanceof protobuf.Type ? 'explicit' : 'implicit'
}

/** Both ends of a range belong to it. */
const isReserved = (reserved: readonly (number[] | string)[] | undefined, each: number | string): boolean =>
  (reserved ?? []).some((range) =>
    typeof range === 'string' || typeof each === 'string'
      ? range === each
      : each >= range[0]! && each <= range[1]!,
  )
