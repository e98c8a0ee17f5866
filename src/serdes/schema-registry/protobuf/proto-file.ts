import protobuf from 'protobufjs'
import { InvalidSchemaError } from '../registry-errors.js'
import type { ResolvedSchema } from '../schema-text.js'
import type { MessageType } from './message-type.js'
import { MessageTypes } from './message-types.js'
import { parseProto } from './proto-sources.js'

/** A .proto file as a schema: the messages that it declares, and how records call them. */
export class ProtoFile {
  private readonly types = new MessageTypes()

  private constructor(private readonly messages: readonly protobuf.Type[]) {}

  /** @throws {InvalidSchemaError} */
  static of(schema: ResolvedSchema): ProtoFile {
    return new ProtoFile(parseProto(schema))
  }

  /**
   * A message by its full name; without one the first of the file.
   *
   * @throws {InvalidSchemaError} if there is none
   */
  message(name: string | undefined): MessageType {
    const indexes = name === undefined ? [0] : this.indexesOf(name)
    const type = indexes === undefined ? undefined : this.declaredAt(indexes)
    if (type !== undefined) return this.types.of(type)
    const problem =
      name === undefined ? 'it declares no message' : `it has no message ${name}, but ${this.names()}`
    throw new InvalidSchemaError('the Protobuf schema', problem)
  }

  /** Where a message stands: its index among the messages of the file, then among those in that message, and so on. */
  indexesOf(name: string): readonly number[] | undefined {
    return indexesIn(this.messages, name)
  }

  /** Full name of the message that stands somewhere. */
  nameAt(indexes: readonly number[]): string | undefined {
    const type = this.declaredAt(indexes)
    return type === undefined ? undefined : nameOf(type)
  }

  private declaredAt(indexes: readonly number[]): protobuf.Type | undefined {
    let messages = this.messages
    let type: protobuf.Type | undefined
    for (const index of indexes) {
      type = messages[index]
      if (type === undefined) return undefined
      messages = messagesIn(type)
    }
    return type
  }

  private names(): string {
    return this.messages.map(nameOf).join(', ')
  }
}

const nameOf = (type: protobuf.Type): string => type.fullName.slice(1)

/** Groups and the entries of maps, which are messages in descriptors, are not counted by Confluent's serializers. */
function messagesIn(type: protobuf.Type): readonly protobuf.Type[] {
  return type.nestedArray
    .filter((object) => object instanceof protobuf.Type)
    .filter((inner) => !isGroup(inner))
}

const isGroup = (type: protobuf.Type & { readonly group?: boolean }): boolean => type.group === true

function indexesIn(messages: readonly protobuf.Type[], name: string): readonly number[] | undefined {
  for (const [index, type] of messages.entries()) {
    if (nameOf(type) === name) return [index]
    const inner = name.startsWith(`${nameOf(type)}.`) ? indexesIn(messagesIn(type), name) : undefined
    if (inner !== undefined) return [index, ...inner]
  }
  return undefined
}
