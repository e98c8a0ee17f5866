import { shown } from '../../serde-error.js'
import { FieldProblem, rethrowIn } from './field-problem.js'
import { type FieldWriter, isPlain, type MessageWriter } from './message-writer.js'
import type { ScalarType, ValueWriter } from './scalar-types.js'
import type { WireOutput } from './wire-output.js'
import { LENGTH_DELIMITED, tagOf } from './wire-type.js'

/** A scalar whose zero is not written. */
export class ImplicitFieldWriter implements FieldWriter {
  constructor(
    readonly name: string,
    private readonly tag: number,
    private readonly scalar: ScalarType,
  ) {}

  write(value: unknown, output: WireOutput): void {
    if (value === undefined || this.scalar.isZero(value)) return
    output.uint32(this.tag)
    this.scalar.writer.write(value, output)
  }
}

/** A field that is there or not. */
export class ExplicitFieldWriter implements FieldWriter {
  /** @param absent what absent means */
  constructor(
    readonly name: string,
    private readonly tag: number,
    private readonly writer: ValueWriter,
    private readonly absent: unknown,
  ) {}

  write(value: unknown, output: WireOutput): void {
    const written = value ?? this.absent
    if (written === undefined) return
    output.uint32(this.tag)
    this.writer.write(written, output)
  }
}

export class RequiredFieldWriter implements FieldWriter {
  constructor(
    readonly name: string,
    private readonly tag: number,
    private readonly writer: ValueWriter,
  ) {}

  write(value: unknown, output: WireOutput): void {
    if (value === undefined) throw new FieldProblem('it is required')
    output.uint32(this.tag)
    this.writer.write(value, output)
  }
}

export class RepeatedWriter implements FieldWriter {
  constructor(
    readonly name: string,
    private readonly tag: number,
    private readonly writer: ValueWriter,
  ) {}

  write(value: unknown, output: WireOutput): void {
    if (value === undefined) return
    const values = arrayOf(value)
    for (let index = 0; index < values.length; index++) {
      output.uint32(this.tag)
      writeElement(this.writer, values, index, output)
    }
  }
}

/** Scalars in one piece behind its length. */
export class PackedWriter implements FieldWriter {
  constructor(
    readonly name: string,
    private readonly tag: number,
    private readonly writer: ValueWriter,
  ) {}

  write(value: unknown, output: WireOutput): void {
    if (value === undefined) return
    const values = arrayOf(value)
    if (values.length === 0) return
    output.uint32(this.tag)
    const start = output.enter()
    for (let index = 0; index < values.length; index++) writeElement(this.writer, values, index, output)
    output.leave(start)
  }
}

/** A message between the tags of a group. */
export class GroupWriter implements ValueWriter {
  constructor(
    private readonly writer: MessageWriter,
    private readonly endTag: number,
  ) {}

  write(value: unknown, output: WireOutput): void {
    output.enterGroup()
    this.writer.writeFields(value, output)
    output.leaveGroup()
    output.uint32(this.endTag)
  }
}

/** Entries by the order of their keys, each with both of its fields. */
export class MapWriter implements FieldWriter {
  private readonly tag: number
  private readonly keyTag: number

  constructor(
    readonly name: string,
    number: number,
    private readonly key: ScalarType,
    private readonly keyOf: (text: string) => unknown,
    private readonly valueTag: number,
    private readonly value: ValueWriter,
  ) {
    this.tag = tagOf(number, LENGTH_DELIMITED)
    this.keyTag = tagOf(1, key.wireType)
  }

  write(value: unknown, output: WireOutput): void {
    if (value === undefined) return
    if (!isPlain(value)) throw new FieldProblem(`${shown(value)} is no plain object`)
    const keys = Object.keys(value)
    if (keys.length > 1) keys.sort()
    for (const key of keys) {
      try {
        this.writeEntry(key, value[key], output)
      } catch (error) {
        rethrowIn(error, key)
      }
    }
  }

  private writeEntry(key: string, value: unknown, output: WireOutput): void {
    output.uint32(this.tag)
    const start = output.enter()
    output.uint32(this.keyTag)
    this.key.writer.write(this.keyOf(key), output)
    output.uint32(this.valueTag)
    this.value.write(value, output)
    output.leave(start)
  }
}

function arrayOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new FieldProblem(`${shown(value)} is no array`)
  return value
}

function writeElement(
  writer: ValueWriter,
  values: readonly unknown[],
  index: number,
  output: WireOutput,
): void {
  try {
    writer.write(values[index], output)
  } catch (error) {
    rethrowIn(error, String(index))
  }
}
