import { shown } from '../../serde-error.js'
import { FieldProblem } from './field-problem.js'
import {
  ExplicitFieldWriter,
  GroupWriter,
  ImplicitFieldWriter,
  MapWriter,
  PackedWriter,
  RepeatedWriter,
  RequiredFieldWriter,
} from './field-writers.js'
import type { MessageField, MessageType, ScalarName } from './message-type.js'
import { type FieldWriter, MessageWriter } from './message-writer.js'
import { enumType, type ScalarType, scalarType, type ValueWriter } from './scalar-types.js'
import { END_GROUP, LENGTH_DELIMITED, START_GROUP, tagOf } from './wire-type.js'

/** Makes the writers of message types, one for each, as types may contain themselves. */
export class MessageWriters {
  private readonly writers = new Map<MessageType, MessageWriter>()

  of(type: MessageType): MessageWriter {
    const known = this.writers.get(type)
    if (known !== undefined) return known
    const writer = new MessageWriter(type.name)
    this.writers.set(type, writer)
    for (const field of type.fields) writer.add(this.fieldWriter(field))
    for (const names of oneofsOf(type)) writer.addOneof(names)
    return writer
  }

  private fieldWriter(field: MessageField): FieldWriter {
    const { name, number, cardinality } = field
    const scalar = scalarOf(field)
    const { wireType, writer } = scalar ?? this.message(field)
    const tag = tagOf(number, wireType)
    switch (cardinality) {
      case 'implicit':
        return scalar === undefined
          ? new ExplicitFieldWriter(name, tag, writer, undefined)
          : new ImplicitFieldWriter(name, tag, scalar)
      case 'explicit':
        return new ExplicitFieldWriter(name, tag, writer, field.default)
      case 'required':
        return new RequiredFieldWriter(name, tag, writer)
      case 'repeated':
        return field.packed && scalar !== undefined && wireType !== LENGTH_DELIMITED
          ? new PackedWriter(name, tagOf(number, LENGTH_DELIMITED), writer)
          : new RepeatedWriter(name, tag, writer)
      case 'map':
        return mapWriter(field, tagOf(2, wireType), writer)
    }
  }

  private message({ type, number, delimited }: MessageField): { wireType: number; writer: ValueWriter } {
    if (type.kind !== 'message') throw new TypeError(`${type.kind} is no message`)
    const writer = this.of(type.message)
    return delimited
      ? { wireType: START_GROUP, writer: new GroupWriter(writer, tagOf(number, END_GROUP)) }
      : { wireType: LENGTH_DELIMITED, writer }
  }
}

function scalarOf({ type }: MessageField): ScalarType | undefined {
  if (type.kind === 'enum') return enumType(type.enum)
  return type.kind === 'scalar' ? scalarType(type.scalar, 'number') : undefined
}

function mapWriter(field: MessageField, valueTag: number, value: ValueWriter): FieldWriter {
  const { name, number } = field
  const keyType = field.keyType!
  return new MapWriter(name, number, scalarType(keyType, 'bigint'), keyOf(keyType), valueTag, value)
}

/** The key that a property names. */
function keyOf(type: ScalarName): (text: string) => unknown {
  if (type === 'string') return (text) => text
  if (type === 'bool') {
    return (text) => {
      if (text !== 'true' && text !== 'false') throw new FieldProblem(`the key ${shown(text)} is no bool`)
      return text === 'true'
    }
  }
  const is64Bit = type.endsWith('64')
  return (text) => {
    // Only one text may stand for a key.
    if (!/^(0|-?[1-9]\d{0,19})$/.test(text)) throw new FieldProblem(`the key ${shown(text)} is no ${type}`)
    return is64Bit ? BigInt(text) : Number(text)
  }
}

function oneofsOf({ fields }: MessageType): readonly (readonly string[])[] {
  const byName = new Map<string, string[]>()
  for (const { name, oneof } of fields) {
    if (oneof === undefined) continue
    const names = byName.get(oneof)
    if (names === undefined) byName.set(oneof, [name])
    else names.push(name)
  }
  return [...byName.values()].filter((names) => names.length > 1)
}
