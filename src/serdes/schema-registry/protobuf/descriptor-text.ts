import { createRequire } from 'node:module'
import protobuf from 'protobufjs'
import { MessageReaders } from './message-readers.js'
import { MessageTypes } from './message-types.js'
import { WireInput } from './wire-input.js'

/*
 * Some clients register a FileDescriptorProto in base64 in place of the text of a file, and a registry may give it back as
 * it is. It becomes text here, as far as bytes depend on it: without services, reserved names and most options.
 */

interface FileDescriptor {
  readonly syntax?: string
  readonly edition?: string
  readonly package?: string
  readonly dependency: readonly string[]
  readonly messageType: readonly MessageDescriptor[]
  readonly enumType: readonly EnumDescriptor[]
  readonly extension: readonly FieldDescriptor[]
}

interface MessageDescriptor {
  readonly name: string
  readonly field: readonly FieldDescriptor[]
  readonly extension: readonly FieldDescriptor[]
  readonly nestedType: readonly MessageDescriptor[]
  readonly enumType: readonly EnumDescriptor[]
  readonly oneofDecl: readonly { readonly name: string }[]
  readonly options?: { readonly mapEntry?: boolean }
}

interface FieldDescriptor {
  readonly name: string
  readonly number: number
  readonly label: 'LABEL_OPTIONAL' | 'LABEL_REQUIRED' | 'LABEL_REPEATED'
  /** For example `TYPE_INT32`. */
  readonly type: string
  readonly typeName?: string
  readonly extendee?: string
  readonly defaultValue?: string
  readonly oneofIndex?: number
  readonly proto3Optional?: boolean
  readonly options?: { readonly packed?: boolean }
}

interface EnumDescriptor {
  readonly name: string
  readonly value: readonly { readonly name: string; readonly number: number }[]
  readonly options?: { readonly allowAlias?: boolean }
}

/** No text of a file looks so: it has a space, a brace or a semicolon. */
const BASE64 = /^[\w+/-]+={0,2}$/
const DESCRIPTOR_JSON = 'protobufjs/google/protobuf/descriptor.json'

const loadJson = createRequire(import.meta.url)

/** The file `google/protobuf/descriptor.proto`. */
export const descriptorProto = (): protobuf.INamespace => loadJson(DESCRIPTOR_JSON)

/** The text of a file; what is text already stays. */
export function textOfDescriptor(schema: string): string {
  return BASE64.test(schema) ? new DescriptorText(descriptorOf(Buffer.from(schema, 'base64'))).text() : schema
}

function descriptorOf(bytes: Buffer): FileDescriptor {
  const root = protobuf.Root.fromJSON(descriptorProto()).resolveAll()
  const type = new MessageTypes().of(root.lookupType('google.protobuf.FileDescriptorProto'))
  const input = new WireInput()
  input.open(bytes, 0, bytes.length)
  return new MessageReaders('number').of(type).readAll(input) as unknown as FileDescriptor
}

class DescriptorText {
  private readonly syntax: string

  constructor(private readonly file: FileDescriptor) {
    if (file.edition !== undefined) throw new Error('a descriptor of an edition is not supported')
    this.syntax = file.syntax ?? 'proto2'
  }

  text(): string {
    const { package: name, dependency, messageType, enumType, extension } = this.file
    return [
      `syntax = "${this.syntax}";`,
      ...(name === undefined ? [] : [`package ${name};`]),
      ...dependency.map((path) => `import ${JSON.stringify(path)};`),
      ...messageType.map((message) => `message ${message.name} ${this.body(message)}`),
      ...enumType.map(enumText),
      ...extension.map((field) => this.extension(field)),
    ].join('\n')
  }

  private body(message: MessageDescriptor): string {
    const { field: fields, nestedType, enumType, extension, oneofDecl } = message
    const isMember = ({ oneofIndex, proto3Optional }: FieldDescriptor): boolean =>
      oneofIndex !== undefined && proto3Optional !== true
    const inner = new Map(nestedType.map((type) => [type.name, type]))
    const written = (field: FieldDescriptor): string => this.field(field, inner)
    const groups = new Set(fields.filter(isGroup).map((field) => lastName(field.typeName)))
    const oneofs = oneofDecl.map(({ name }, index) => {
      const members = fields.filter((field) => isMember(field) && field.oneofIndex === index)
      return members.length === 0 ? '' : `oneof ${name} { ${members.map(written).join(' ')} }`
    })
    return [
      '{',
      ...fields.filter((field) => !isMember(field)).map(written),
      ...oneofs,
      ...nestedType
        .filter(({ name, options }) => options?.mapEntry !== true && !groups.has(name))
        .map((type) => `message ${type.name} ${this.body(type)}`),
      ...enumType.map(enumText),
      ...extension.map((field) => this.extension(field)),
      '}',
    ].join('\n')
  }

  /** @param inner the types within the message: the entries of its maps, and its groups */
  private field(field: FieldDescriptor, inner: ReadonlyMap<string, MessageDescriptor>): string {
    const { name, number } = field
    const type = inner.get(lastName(field.typeName))
    if (isGroup(field) && type !== undefined)
      return `${this.label(field)}group ${type.name} = ${number} ${this.body(type)}`
    if (type?.options?.mapEntry === true) {
      const [key, value] = type.field
      return `map<${typeText(key!)}, ${typeText(value!)}> ${name} = ${number};`
    }
    return `${this.label(field)}${typeText(field)} ${name} = ${number}${optionsText(field)};`
  }

  private label({ label, oneofIndex, proto3Optional }: FieldDescriptor): string {
    if (label === 'LABEL_REPEATED') return 'repeated '
    if (label === 'LABEL_REQUIRED') return 'required '
    return proto3Optional === true || (this.syntax === 'proto2' && oneofIndex === undefined)
      ? 'optional '
      : ''
  }

  private extension(field: FieldDescriptor): string {
    return `extend ${field.extendee} { ${this.field(field, new Map())} }`
  }
}

const isGroup = ({ type }: FieldDescriptor): boolean => type === 'TYPE_GROUP'

const lastName = (name = ''): string => name.slice(name.lastIndexOf('.') + 1)

const typeText = ({ type, typeName }: FieldDescriptor): string =>
  typeName ?? type.slice('TYPE_'.length).toLowerCase()

function optionsText({ type, defaultValue, options }: FieldDescriptor): string {
  const texts: string[] = []
  if (defaultValue !== undefined) {
    texts.push(
      `default = ${type === 'TYPE_STRING' || type === 'TYPE_BYTES' ? JSON.stringify(defaultValue) : defaultValue}`,
    )
  }
  if (options?.packed !== undefined) texts.push(`packed = ${options.packed}`)
  return texts.length === 0 ? '' : ` [${texts.join(', ')}]`
}

function enumText({ name, value, options }: EnumDescriptor): string {
  const alias = options?.allowAlias === true ? 'option allow_alias = true; ' : ''
  return `enum ${name} { ${alias}${value.map((one) => `${one.name} = ${one.number};`).join(' ')} }`
}
