import type {
  ProtobufField,
  ProtobufMessage,
  ProtobufSyntax,
  ProtobufType,
} from '../syntax/protobuf-syntax.js'
import type { SchemaTypesOptions } from './schema-types-options.js'
import { literal, type TypeFile, type TypeText } from './type-file.js'

/** Declares the messages of a .proto file, as the serde `protobuf` gives them with these options. */
export function protobufTypes(syntax: ProtobufSyntax, file: TypeFile, options: SchemaTypesOptions): void {
  const types = new ProtobufTypes(syntax, file, options.long ?? 'number')
  for (const message of syntax.messages.values()) if (message.isOwn) types.message(message)
}

class ProtobufTypes {
  constructor(
    private readonly syntax: ProtobufSyntax,
    private readonly file: TypeFile,
    private readonly long: 'number' | 'bigint',
  ) {}

  message(message: ProtobufMessage): string {
    return this.file.interface(message, [message.name], message.doc, () =>
      message.fields.map((field) => ({
        name: field.property,
        type: this.field(field),
        // What is not written is absent where it is not taken for zero.
        optional: field.cardinality === 'explicit',
        doc: fieldDoc(field, message),
      })),
    )
  }

  private field({ cardinality, type }: ProtobufField): TypeText {
    const text = this.type(type)
    if (cardinality === 'map') return [`Record<string, ${text}>`]
    return [cardinality === 'repeated' ? `${text}[]` : text]
  }

  private type({ kind, name }: ProtobufType): string {
    if (kind === 'scalar') return this.scalar(name)
    const message = this.syntax.messages.get(name)
    if (message !== undefined) return this.message(message)
    const declared = this.syntax.enums.get(name)!
    // A number: a newer schema has a name for it.
    return this.file.alias(declared, [name], declared.doc, () => [
      ...declared.values.map((value) => literal(value.name)),
      'number',
    ])
  }

  private scalar(name: string): string {
    if (name === 'bool') return 'boolean'
    if (name === 'string') return 'string'
    if (name === 'bytes') return 'Uint8Array'
    return name.endsWith('64') ? this.long : 'number'
  }
}

function fieldDoc({ doc, oneof }: ProtobufField, { fields }: ProtobufMessage): string | undefined {
  if (oneof === undefined) return doc
  const others = fields.filter((each) => each.oneof === oneof).map(({ property }) => property)
  const note = `At most one of ${others.join(', ')} is there.`
  return doc === undefined ? note : `${doc}\n\n${note}`
}
