import { shown } from '../../serde-error.js'
import { FieldProblem } from './field-problem.js'
import type { EnumType, ScalarName } from './message-type.js'
import type { WireInput } from './wire-input.js'
import type { WireOutput } from './wire-output.js'
import { FIXED32, FIXED64, LENGTH_DELIMITED, VARINT } from './wire-type.js'

/** How 64-bit integers are read. */
export type LongAs = 'number' | 'bigint'

export interface ValueReader {
  read(input: WireInput): unknown
}

export interface ValueWriter {
  /** Throws on a value that is none of the type. */
  write(value: unknown, output: WireOutput): void
}

export interface ScalarType {
  readonly wireType: number
  /** What absent means. */
  readonly zero: unknown
  isZero(value: unknown): boolean
  readonly reader: ValueReader
  readonly writer: ValueWriter
}

interface Scalar {
  readonly wireType: number
  readonly zero: unknown
  readonly read: (input: WireInput) => unknown
  readonly write: (value: unknown, output: WireOutput) => void
  /** Present where it has 64 bits. */
  readonly readBig?: (input: WireInput) => bigint
}

const integer = (type: string, value: unknown, min: number, max: number): number => {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < min || value > max) {
    throw new FieldProblem(`${shown(value)} is no ${type}`)
  }
  return value
}

const int32 = (type: string, value: unknown): number => integer(type, value, -0x8000_0000, 0x7fff_ffff)
const uint32 = (type: string, value: unknown): number => integer(type, value, 0, 0xffff_ffff)

const long = (type: string, signed: boolean, value: unknown): number | bigint => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && (signed || value >= 0)) return value
  if (
    typeof value === 'bigint' &&
    value === (signed ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value))
  ) {
    return value
  }
  throw new FieldProblem(`${shown(value)} is no ${type}`)
}

const number = (type: string, value: unknown): number => {
  if (typeof value !== 'number') throw new FieldProblem(`${shown(value)} is no ${type}`)
  return value
}

const float = (value: unknown): number => {
  const double = number('float', value)
  if (Number.isFinite(double) && !Number.isFinite(Math.fround(double))) {
    throw new FieldProblem(`${double} is no float`)
  }
  return double
}

const SCALARS: Readonly<Record<ScalarName, Scalar>> = {
  double: {
    wireType: FIXED64,
    zero: 0,
    read: (input) => input.double(),
    write: (value, output) => output.double(number('double', value)),
  },
  float: {
    wireType: FIXED32,
    zero: 0,
    read: (input) => input.float(),
    write: (value, output) => output.float(float(value)),
  },
  int32: {
    wireType: VARINT,
    zero: 0,
    read: (input) => input.int32(),
    write: (value, output) => output.int32(int32('int32', value)),
  },
  uint32: {
    wireType: VARINT,
    zero: 0,
    read: (input) => input.uint32(),
    write: (value, output) => output.uint32(uint32('uint32', value)),
  },
  sint32: {
    wireType: VARINT,
    zero: 0,
    read: (input) => input.sint32(),
    write: (value, output) => output.sint32(int32('sint32', value)),
  },
  fixed32: {
    wireType: FIXED32,
    zero: 0,
    read: (input) => input.fixed32(),
    write: (value, output) => output.fixed32(uint32('fixed32', value)),
  },
  sfixed32: {
    wireType: FIXED32,
    zero: 0,
    read: (input) => input.sfixed32(),
    write: (value, output) => output.fixed32(int32('sfixed32', value)),
  },
  int64: {
    wireType: VARINT,
    zero: 0,
    read: (input) => input.int64(),
    readBig: (input) => input.bigInt64(),
    write: (value, output) => output.int64(long('int64', true, value)),
  },
  uint64: {
    wireType: VARINT,
    zero: 0,
    read: (input) => input.uint64(),
    readBig: (input) => input.bigUint64(),
    write: (value, output) => output.int64(long('uint64', false, value)),
  },
  sint64: {
    wireType: VARINT,
    zero: 0,
    read: (input) => input.sint64(),
    readBig: (input) => input.bigSint64(),
    write: (value, output) => output.sint64(long('sint64', true, value)),
  },
  fixed64: {
    wireType: FIXED64,
    zero: 0,
    read: (input) => input.fixed64(),
    readBig: (input) => input.bigFixed64(),
    write: (value, output) => output.fixed64(long('fixed64', false, value)),
  },
  sfixed64: {
    wireType: FIXED64,
    zero: 0,
    read: (input) => input.sfixed64(),
    readBig: (input) => input.bigSfixed64(),
    write: (value, output) => output.fixed64(long('sfixed64', true, value)),
  },
  bool: {
    wireType: VARINT,
    zero: false,
    read: (input) => input.bool(),
    write: (value, output) => {
      if (typeof value !== 'boolean') throw new FieldProblem(`${shown(value)} is no bool`)
      output.bool(value)
    },
  },
  string: {
    wireType: LENGTH_DELIMITED,
    zero: '',
    read: (input) => input.string(),
    write: (value, output) => {
      if (typeof value !== 'string') throw new FieldProblem(`${shown(value)} is no string`)
      output.string(value)
    },
  },
  bytes: {
    wireType: LENGTH_DELIMITED,
    zero: new Uint8Array(0),
    read: (input) => input.bytes(),
    write: (value, output) => {
      if (!(value instanceof Uint8Array)) throw new FieldProblem(`${shown(value)} is no Uint8Array`)
      output.bytes(value)
    },
  },
}

export function scalarType(name: ScalarName, longAs: LongAs): ScalarType {
  const { wireType, zero, read, readBig, write } = SCALARS[name]
  return longAs === 'bigint' && readBig !== undefined
    ? { wireType, zero: 0n, isZero: isZeroOf(name), reader: { read: readBig }, writer: { write } }
    : { wireType, zero, isZero: isZeroOf(name), reader: { read }, writer: { write } }
}

function isZeroOf(name: ScalarName): (value: unknown) => boolean {
  if (name === 'float' || name === 'double') return (value) => Object.is(value, 0) // -0 is written
  if (name === 'bytes') return (value) => value instanceof Uint8Array && value.length === 0
  const { zero, readBig } = SCALARS[name]
  return readBig === undefined ? (value) => value === zero : (value) => value === 0 || value === 0n
}

/** An enum by its names; a number without a name (a newer schema has one) stays a number. */
export function enumType({ name, numbers }: EnumType): ScalarType {
  const names = new Map<number, string>()
  for (const [text, number] of numbers) if (!names.has(number)) names.set(number, text)
  const numberOf = (value: unknown): number => {
    const known = typeof value === 'string' ? numbers.get(value) : undefined
    return known ?? int32(name, value)
  }
  const first: number = numbers.values().next().value ?? 0
  const zero = names.get(first) ?? first
  return {
    wireType: VARINT,
    zero,
    isZero: (value) => value === zero || value === first,
    reader: {
      read: (input) => {
        const number = input.int32()
        return names.get(number) ?? number
      },
    },
    writer: { write: (value, output) => output.int32(numberOf(value)) },
  }
}
