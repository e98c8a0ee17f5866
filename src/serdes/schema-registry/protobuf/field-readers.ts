import { ownProperty, setOwnProperty } from '../own-property.js'
import type { FieldReader, Message, MessageReader } from './message-reader.js'
import type { ValueReader } from './scalar-types.js'
import type { WireInput } from './wire-input.js'

export class ScalarFieldReader implements FieldReader {
  constructor(
    readonly name: string,
    private readonly value: ValueReader,
  ) {}

  read(input: WireInput, message: Message): void {
    message[this.name] = this.value.read(input)
  }
}

export class RepeatedReader implements FieldReader {
  constructor(
    readonly name: string,
    private readonly value: ValueReader,
  ) {}

  read(input: WireInput, message: Message): void {
    const values = message[this.name] as unknown[]
    values.push(this.value.read(input))
  }
}

/** Scalars in one piece behind its length. */
export class PackedReader implements FieldReader {
  constructor(
    readonly name: string,
    private readonly value: ValueReader,
  ) {}

  read(input: WireInput, message: Message): void {
    const values = message[this.name] as unknown[]
    const outer = input.enter()
    while (input.position < input.end) values.push(this.value.read(input))
    input.leave(outer)
  }
}

/** A message that is written in several pieces is all of them. */
export class MessageFieldReader implements FieldReader {
  constructor(
    readonly name: string,
    private readonly reader: MessageReader,
  ) {}

  read(input: WireInput, message: Message): void {
    const held = (ownProperty(message, this.name) ?? this.reader.empty()) as Message
    this.reader.merge(input, held)
    message[this.name] = held
  }
}

export class GroupFieldReader implements FieldReader {
  constructor(
    readonly name: string,
    private readonly reader: MessageReader,
    private readonly number: number,
  ) {}

  read(input: WireInput, message: Message): void {
    const held = (ownProperty(message, this.name) ?? this.reader.empty()) as Message
    this.reader.mergeGroup(input, held, this.number)
    message[this.name] = held
  }
}

/** A group as a value of its own, of a repeated field. */
export class GroupReader implements ValueReader {
  constructor(
    private readonly reader: MessageReader,
    private readonly number: number,
  ) {}

  read(input: WireInput): Message {
    const message = this.reader.empty()
    this.reader.mergeGroup(input, message, this.number)
    return message
  }
}

/** Of the fields of a oneof, the last one is there. */
export class OneofReader implements FieldReader {
  readonly name: string

  constructor(
    private readonly member: FieldReader,
    private readonly others: readonly string[],
  ) {
    this.name = member.name
  }

  read(input: WireInput, message: Message): void {
    const { others } = this
    for (let index = 0; index < others.length; index++) {
      const other = others[index]!
      if (ownProperty(message, other) !== undefined) delete message[other]
    }
    this.member.read(input, message)
  }
}

/** An entry of a map is a message with the fields `key` and `value`. */
export class MapReader implements FieldReader {
  constructor(
    readonly name: string,
    private readonly entry: MessageReader,
  ) {}

  read(input: WireInput, message: Message): void {
    const { key, value } = this.entry.read(input)
    setOwnProperty(message[this.name] as Message, String(key), value)
  }
}
