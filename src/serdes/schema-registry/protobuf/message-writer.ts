import { shown } from '../../serde-error.js'
import { ownProperty } from '../own-property.js'
import { FieldProblem, rethrowIn } from './field-problem.js'
import type { ValueWriter } from './scalar-types.js'
import type { WireOutput } from './wire-output.js'

/** Writes the value of a field, tags and all. */
export interface FieldWriter {
  /** The property. */
  readonly name: string
  /** @param value undefined where the message has none */
  write(value: unknown, output: WireOutput): void
}

/** Writes messages of one type, their fields by ascending number: equal messages give equal bytes. */
export class MessageWriter implements ValueWriter {
  private readonly fields: FieldWriter[] = []
  /** Whether a field has the name of what all objects inherit. */
  private inherits = false
  private readonly oneofs: (readonly string[])[] = []

  constructor(private readonly typeName: string) {}

  /** While the writer is made. */
  add(field: FieldWriter): void {
    this.fields.push(field)
    this.inherits ||= field.name in Object.prototype
  }

  /** While the writer is made: fields only one of which may be there. */
  addOneof(names: readonly string[]): void {
    this.oneofs.push(names)
  }

  /** Writes a message behind its length. */
  write(value: unknown, output: WireOutput): void {
    const start = output.enter()
    this.writeFields(value, output)
    output.leave(start)
  }

  /** Writes a message that is all there is, or stands between the tags of a group. */
  writeFields(value: unknown, output: WireOutput): void {
    const message = this.messageOf(value)
    const { fields, oneofs, inherits } = this
    for (let index = 0; index < oneofs.length; index++) requireOne(message, oneofs[index]!)
    for (let index = 0; index < fields.length; index++) {
      const field = fields[index]!
      try {
        const given = inherits ? ownProperty(message, field.name) : message[field.name]
        field.write(given ?? undefined, output)
      } catch (error) {
        rethrowIn(error, field.name)
      }
    }
  }

  /** What is surely no message is refused: with all fields absent it would be written as an empty one. */
  private messageOf(value: unknown): Readonly<Record<string, unknown>> {
    if (!isPlain(value)) throw new FieldProblem(`${shown(value)} is no ${this.typeName}`)
    return value
  }
}

/** Not a Map, Date, Uint8Array or array. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  return (
    typeof value === 'object' &&
    value !== null &&
    !(Array.isArray(value) || value instanceof Map || value instanceof Date || value instanceof Uint8Array)
  )
}

function requireOne(message: Readonly<Record<string, unknown>>, names: readonly string[]): void {
  let there: string | undefined
  for (let index = 0; index < names.length; index++) {
    const name = names[index]!
    if ((ownProperty(message, name) ?? undefined) === undefined) continue
    if (there !== undefined) throw new FieldProblem(`only one of ${there}, ${name} can be there`)
    there = name
  }
}
