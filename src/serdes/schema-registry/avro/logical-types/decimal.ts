import type { AvroSchema } from '../../syntax/avro-schema.js'
import { Misfit, unexpected } from '../misfit.js'
import type { Conversion } from './conversion.js'

/** `'12.50'`, or `{ unscaled: 1250n, scale: 2 }`. */
export type DecimalForm = 'string' | 'unscaled'

/** A decimal of which the scale stays with the digits: `unscaled` / 10 ** `scale`. */
export interface AvroDecimal {
  readonly unscaled: bigint
  readonly scale: number
}

/** Undefined: the schema's attributes are none of a decimal. */
export function decimal(
  schema: AvroSchema,
  attributes: Readonly<Record<string, unknown>>,
  form: DecimalForm,
): Conversion | undefined {
  const digits = decimalDigits(schema, attributes)
  if (digits === undefined) return undefined
  const bytes = new DecimalBytes(digits.precision, schema.kind === 'fixed' ? schema.size : undefined)
  return form === 'string' ? textForm(bytes, digits.scale) : unscaledForm(bytes, digits.scale)
}

/** Precision and scale of a decimal; undefined: the schema is none. */
export function decimalDigits(
  schema: AvroSchema,
  { precision, scale = 0 }: Readonly<Record<string, unknown>>,
): { readonly precision: number; readonly scale: number } | undefined {
  if (schema.kind !== 'bytes' && schema.kind !== 'fixed') return undefined
  if (!Number.isSafeInteger(precision) || !Number.isSafeInteger(scale)) return undefined
  const digits = { precision: precision as number, scale: scale as number }
  if (digits.precision < 1 || digits.precision > MAX_PRECISION) return undefined
  return digits.scale < 0 || digits.scale > digits.precision ? undefined : digits
}

/** More digits than anybody counts; text of many more takes time that grows with their square. */
const MAX_PRECISION = 10_000

const textForm = (bytes: DecimalBytes, scale: number): Conversion => ({
  kind: 'string',
  fromRaw: (raw) => decimalText(bytes.read(raw as Uint8Array), scale),
  toRaw(value) {
    if (typeof value !== 'string') throw unexpected('a decimal as text', value)
    return bytes.write(parseDecimal(value, scale))
  },
})

const unscaledForm = (bytes: DecimalBytes, scale: number): Conversion => ({
  kind: 'object',
  fromRaw: (raw): AvroDecimal => ({ unscaled: bytes.read(raw as Uint8Array), scale }),
  toRaw(value) {
    const given = value as Partial<AvroDecimal> | null | undefined
    if (typeof given?.unscaled !== 'bigint' || given.scale !== scale) {
      throw unexpected(`{ unscaled: bigint, scale: ${scale} }`, value)
    }
    return bytes.write(given.unscaled)
  },
})

function decimalText(unscaled: bigint, scale: number): string {
  if (scale === 0) return unscaled.toString()
  const sign = unscaled < 0n ? '-' : ''
  const digits = (unscaled < 0n ? -unscaled : unscaled).toString().padStart(scale + 1, '0')
  return `${sign}${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}

const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?$/

/** Never rounds: zeros are all that may stand behind the scale's last digit. */
function parseDecimal(text: string, scale: number): bigint {
  const [, sign, whole, fraction = ''] = DECIMAL.exec(text.slice(0, 2 * MAX_PRECISION + 3)) ?? []
  if (whole === undefined) throw unexpected('a decimal as text', text)
  if (/[^0]/.test(fraction.slice(scale))) throw unexpected(`a decimal of scale ${scale}`, text)
  const unscaled = BigInt(whole + fraction.slice(0, scale).padEnd(scale, '0'))
  return sign === '-' ? -unscaled : unscaled
}

/** Whole numbers as two's complement, the highest byte first, as short as can be or of a fixed size. */
class DecimalBytes {
  private readonly limit: bigint
  private readonly longest: number

  constructor(
    private readonly precision: number,
    private readonly size: number | undefined,
  ) {
    this.limit = 10n ** BigInt(precision)
    this.longest = size ?? byteLengthOf(this.limit)
  }

  read(raw: Uint8Array): bigint {
    if (raw.length > this.longest) {
      throw new Misfit(`a decimal of at most ${this.precision} digits expected, ${raw.length} bytes found`)
    }
    if (raw.length === 0) throw new Misfit('a decimal without any byte')
    const { buffer, byteOffset, length } = raw
    const unsigned = BigInt(`0x${Buffer.from(buffer, byteOffset, length).toString('hex')}`)
    return this.limited(BigInt.asIntN(raw.length * 8, unsigned))
  }

  write(unscaled: bigint): Uint8Array {
    const length = this.size ?? byteLengthOf(this.limited(unscaled))
    if (byteLengthOf(this.limited(unscaled)) > length) {
      throw new Misfit(`a decimal of ${length} bytes expected, unscaled ${unscaled} found`)
    }
    const hex = BigInt.asUintN(length * 8, unscaled)
      .toString(16)
      .padStart(length * 2, '0')
    return new Uint8Array(Buffer.from(hex, 'hex'))
  }

  private limited(unscaled: bigint): bigint {
    if (unscaled < this.limit && unscaled > -this.limit) return unscaled
    throw new Misfit(`a decimal of at most ${this.precision} digits expected, unscaled ${unscaled} found`)
  }
}

/** How many bytes hold the number and its sign. */
function byteLengthOf(value: bigint): number {
  const bits = (value < 0n ? -value - 1n : value).toString(2)
  return Math.floor((value === 0n || value === -1n ? 0 : bits.length) / 8) + 1
}
