import { InvalidSerdeOptionError } from '../../registry-errors.js'
import { type AvroLogicalType, type AvroSchema, logicalTypeOf } from '../../syntax/avro-schema.js'
import type { Conversion } from './conversion.js'
import { dateOfDays, dateOfMillis } from './dates.js'
import { type DecimalForm, decimal } from './decimal.js'
import { duration } from './duration.js'
import { fixedUuid } from './uuid.js'

/** How a logical type's values look in code, made of those of the type under it. */
export interface AvroConversion<Raw, Value> {
  /** @param attributes the type as the schema has it, for example `{ type: 'bytes', logicalType: 'money', currency: 'EUR' }` */
  fromValue(raw: Raw, attributes: Readonly<Record<string, unknown>>): Value
  /** The reverse. Equal values must give equal raw ones. */
  toValue(value: Value, attributes: Readonly<Record<string, unknown>>): Raw
}

/** A conversion of whatever type. */
export interface AnyAvroConversion {
  fromValue(raw: never, attributes: Readonly<Record<string, unknown>>): unknown
  toValue(value: never, attributes: Readonly<Record<string, unknown>>): unknown
}

/**
 * How values of the logical types look, each by its name; what is left out is as the first of its forms. `raw` is the
 * type under it, as if it were no logical type. Any name may have a conversion of your own.
 */
export interface AvroLogicalTypes {
  /** Exact text, `'12.50'`, or `{ unscaled: 1250n, scale: 2 }`. */
  readonly decimal?: DecimalForm | 'raw' | AnyAvroConversion
  /** Text: `'6f5902ac-237d-4b6c-95a1-16d3b5bd3be9'`, also of 16 bytes. */
  readonly uuid?: 'string' | 'raw' | AnyAvroConversion
  /** Days since 1970, or a `Date` at midnight UTC. */
  readonly date?: 'number' | 'date' | 'raw' | AnyAvroConversion
  /** Milliseconds since 1970 UTC, as the framework's timestamps, or a `Date`. */
  readonly 'timestamp-millis'?: 'number' | 'date' | 'raw' | AnyAvroConversion
  /** Milliseconds since 1970 of a local time, or a `Date` that shows it in UTC. */
  readonly 'local-timestamp-millis'?: 'number' | 'date' | 'raw' | AnyAvroConversion
  /** `{ months, days, millis }`. */
  readonly duration?: 'object' | 'raw' | AnyAvroConversion
  readonly [logicalType: string]: string | AnyAvroConversion | undefined
}

/** Numbers of the type under them, whatever option `long` says: all of them are safe integers for centuries. */
const NUMBERS: ReadonlySet<string> = new Set([
  'time-micros',
  'timestamp-millis',
  'timestamp-micros',
  'local-timestamp-millis',
  'local-timestamp-micros',
])
/** Since 1970, more than a safe integer holds. */
const BIGINTS: ReadonlySet<string> = new Set(['timestamp-nanos', 'local-timestamp-nanos'])

const FORMS: Readonly<Record<string, readonly string[]>> = {
  decimal: ['string', 'unscaled', 'raw'],
  uuid: ['string', 'raw'],
  date: ['number', 'date', 'raw'],
  'time-millis': ['number', 'raw'],
  'time-micros': ['number', 'raw'],
  'timestamp-millis': ['number', 'date', 'raw'],
  'timestamp-micros': ['number', 'raw'],
  'timestamp-nanos': ['bigint', 'raw'],
  'local-timestamp-millis': ['number', 'date', 'raw'],
  'local-timestamp-micros': ['number', 'raw'],
  'local-timestamp-nanos': ['bigint', 'raw'],
  duration: ['object', 'raw'],
}

/** How values of a schema's types look in code. */
export class Representation {
  constructor(
    private readonly long: 'number' | 'bigint',
    private readonly forms: AvroLogicalTypes,
  ) {
    for (const [name, form] of Object.entries(forms)) requireForm(name, form)
  }

  /** Whether a long, or what is under its logical type, is a bigint. */
  isBigLong(schema: AvroSchema): boolean {
    const { name = '' } = logicalTypeOf(schema) ?? {}
    const form = this.formOf(name)
    const isBuiltIn = form !== 'raw' && typeof form !== 'object'
    if (isBuiltIn && BIGINTS.has(name)) return true
    return this.long === 'bigint' && !(isBuiltIn && NUMBERS.has(name))
  }

  /** Undefined: values are those of the type itself. */
  conversionOf(schema: AvroSchema): Conversion | undefined {
    const logical = logicalTypeOf(schema)
    if (logical === undefined) return undefined
    const form = this.formOf(logical.name)
    if (typeof form === 'object') return custom(form, logical.attributes)
    return form === 'raw' ? undefined : builtIn(schema, logical, form)
  }

  private formOf(logicalType: string): string | AnyAvroConversion | undefined {
    return Object.hasOwn(this.forms, logicalType) ? this.forms[logicalType] : undefined
  }
}

function requireForm(name: string, form: unknown): void {
  if (form === undefined || isConversion(form)) return
  const forms = Object.hasOwn(FORMS, name) ? FORMS[name]! : []
  if (forms.includes(form as string)) return
  const known = forms.map((known) => `'${known}', `).join('')
  throw new InvalidSerdeOptionError(
    'avro',
    'logicalTypes',
    `'${name}' is ${known}or { fromValue, toValue }, not ${JSON.stringify(form)}`,
  )
}

function isConversion(form: unknown): form is AnyAvroConversion {
  const { fromValue, toValue } = (form ?? {}) as Partial<AnyAvroConversion>
  return typeof fromValue === 'function' && typeof toValue === 'function'
}

/** As Avro has it, a logical type that its type cannot have is none. */
function builtIn(
  schema: AvroSchema,
  { name, attributes }: AvroLogicalType,
  form: string | undefined,
): Conversion | undefined {
  switch (name) {
    case 'decimal':
      return decimal(schema, attributes, (form ?? 'string') as DecimalForm)
    case 'uuid':
      return schema.kind === 'fixed' && schema.size === 16 ? fixedUuid : undefined
    case 'duration':
      return schema.kind === 'fixed' && schema.size === 12 ? duration : undefined
    case 'date':
      return schema.kind === 'int' && form === 'date' ? dateOfDays : undefined
    case 'timestamp-millis':
    case 'local-timestamp-millis':
      return schema.kind === 'long' && form === 'date' ? dateOfMillis : undefined
    default:
      return undefined
  }
}

const custom = (
  conversion: AnyAvroConversion,
  attributes: Readonly<Record<string, unknown>>,
): Conversion => ({
  kind: undefined,
  fromRaw: (raw) => conversion.fromValue(raw as never, attributes),
  toRaw: (value) => conversion.toValue(value as never, attributes),
})
