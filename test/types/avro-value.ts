/**
 * Types of values that come with an Avro schema. Compiled with the tests; nothing here runs.
 */

import { avro } from '../../src/serdes/schema-registry/avro/avro.js'
import type { AvroValue } from '../../src/serdes/schema-registry/avro/avro-value.js'
import type { AvroDecimal } from '../../src/serdes/schema-registry/avro/logical-types/decimal.js'
import type { AvroDuration } from '../../src/serdes/schema-registry/avro/logical-types/duration.js'
import type { AvroConversion } from '../../src/serdes/schema-registry/avro/logical-types/logical-type.js'
import type { SchemaRegistry } from '../../src/serdes/schema-registry/schema-registry.js'
import type { Serde } from '../../src/serdes/serde.js'
import { type Equal, expectType } from './equal.js'

// Primitive types, as names and as objects.
expectType<Equal<AvroValue<'null'>, null>>()
expectType<Equal<AvroValue<'boolean'>, boolean>>()
expectType<Equal<AvroValue<'int' | 'double'>, number>>()
expectType<Equal<AvroValue<{ readonly type: 'string' }>, string>>()
expectType<Equal<AvroValue<'bytes'>, Uint8Array>>()

// A long is a number, or a bigint where that is asked for.
expectType<Equal<AvroValue<'long'>, number>>()
expectType<Equal<AvroValue<'long', { long: 'bigint' }>, bigint>>()

const flight = {
  type: 'record',
  name: 'Flight',
  namespace: 'flights',
  fields: [
    { name: 'date', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'delay', type: ['null', 'int'], default: null },
    { name: 'status', type: { type: 'enum', name: 'Status', symbols: ['LATE', 'ON_TIME'] } },
    {
      name: 'legs',
      type: {
        type: 'array',
        items: { type: 'record', name: 'Leg', fields: [{ name: 'to', type: 'string' }] },
      },
    },
    { name: 'last', type: 'Leg' },
    { name: 'first', type: ['null', 'flights.Leg'] },
    { name: 'tags', type: { type: 'map', values: ['double', 'string'] } },
    { name: 'digest', type: { type: 'fixed', name: 'Digest', size: 16 } },
    { name: 'before', type: ['null', 'Status'] },
  ],
} as const
interface Leg {
  to: string
}
expectType<
  Equal<
    AvroValue<typeof flight>['tags' | 'date' | 'delay' | 'status' | 'digest' | 'before'],
    Record<string, number | string> | number | null | 'LATE' | 'ON_TIME' | Uint8Array
  >
>()
expectType<Equal<AvroValue<typeof flight>['legs'][number]['to'], Leg['to']>>()
const value: AvroValue<typeof flight> = {
  date: 1,
  delay: null,
  status: 'LATE',
  legs: [{ to: 'JFK' }],
  last: { to: 'JFK' },
  first: null,
  tags: { fog: 0.5, gate: 'A' },
  digest: new Uint8Array(16),
  before: 'ON_TIME',
}
value.legs[0]!.to satisfies string
// @ts-expect-error no symbol of the enum
value.status = 'EARLY'
// @ts-expect-error not in the schema
value.gate

// A type in itself.
const tree = {
  type: 'record',
  name: 'a.b.Tree',
  fields: [
    { name: 'value', type: 'int' },
    { name: 'children', type: { type: 'array', items: 'Tree' } },
  ],
} as const
declare const root: AvroValue<typeof tree>
expectType<Equal<(typeof root.children)[number]['children'][number]['value'], number>>()

const list = {
  type: 'record',
  name: 'List',
  fields: [
    { name: 'value', type: 'int' },
    { name: 'next', type: ['null', 'List'] },
  ],
} as const
declare const head: AvroValue<typeof list>
expectType<Equal<typeof head.next, null | AvroValue<typeof list>>>()

// A union has the names of its types where two may look alike.
expectType<Equal<AvroValue<readonly ['null', 'int', 'string']>, null | number | string>>()
expectType<Equal<AvroValue<readonly ['null', 'int', 'long']>, null | { int: number } | { long: number }>>()
const event = [
  { type: 'record', name: 'Opened', namespace: 'door', fields: [{ name: 'by', type: 'string' }] },
  { type: 'record', name: 'door.Closed', fields: [] },
] as const
declare const opened: Extract<AvroValue<typeof event>, { 'door.Opened': unknown }>
expectType<Equal<(typeof opened)['door.Opened'], { by: string }>>()

// Logical types, in their first form and in others.
const money = { type: 'bytes', logicalType: 'decimal', precision: 9, scale: 2 } as const
expectType<Equal<AvroValue<typeof money>, string>>()
expectType<Equal<AvroValue<typeof money, { logicalTypes: { decimal: 'unscaled' } }>, AvroDecimal>>()
expectType<Equal<AvroValue<typeof money, { logicalTypes: { decimal: 'raw' } }>, Uint8Array>>()
const at = { type: 'long', logicalType: 'timestamp-millis' } as const
expectType<Equal<AvroValue<typeof at, { long: 'bigint' }>, number>>()
expectType<Equal<AvroValue<typeof at, { logicalTypes: { 'timestamp-millis': 'date' } }>, Date>>()
expectType<Equal<AvroValue<{ type: 'long'; logicalType: 'timestamp-nanos' }>, bigint>>()
expectType<Equal<AvroValue<{ type: 'int'; logicalType: 'date' }>, number>>()
expectType<Equal<AvroValue<{ type: 'fixed'; name: 'D'; size: 12; logicalType: 'duration' }>, AvroDuration>>()
expectType<Equal<AvroValue<{ type: 'fixed'; name: 'U'; size: 16; logicalType: 'uuid' }>, string>>()
expectType<Equal<AvroValue<{ type: 'string'; logicalType: 'unheard-of' }>, string>>()

// A conversion of one's own brings its type.
interface Celsius {
  degrees: number
}
const conversions = {
  celsius: {
    fromValue: (raw: number): Celsius => ({ degrees: raw / 10 }),
    toValue: (t: Celsius) => t.degrees * 10,
  },
}
const celsius = { type: 'int', logicalType: 'celsius' } as const
expectType<Equal<AvroValue<typeof celsius, { logicalTypes: typeof conversions }>, Celsius>>()
expectType<
  Equal<AvroValue<readonly ['null', typeof celsius], { logicalTypes: typeof conversions }>, Celsius | null>
>()
expectType<
  Equal<
    AvroValue<readonly ['string', typeof celsius], { logicalTypes: typeof conversions }>,
    { string: string } | { int: Celsius }
  >
>()

// What is not known is unknown, not any.
expectType<Equal<AvroValue<'other.Type'>, unknown>>()
expectType<Equal<AvroValue<{ type: string }>, unknown>>()

// The serde has the type of its schema, declared or in place; the options count.
declare const registry: SchemaRegistry
const flights = avro({ registry, schema: flight })
expectType<Equal<typeof flights, Serde<AvroValue<typeof flight>>>>()
const airports = avro({ registry, schema: 'string', subject: 'record-name' })
expectType<Equal<typeof airports, Serde<string>>>()
const counts = avro({ registry, schema: { type: 'array', items: 'long' }, long: 'bigint' })
expectType<Equal<typeof counts, Serde<bigint[]>>>()
const prices = avro({ registry, schema: ['null', money], logicalTypes: { decimal: 'unscaled' } })
expectType<Equal<typeof prices, Serde<AvroDecimal | null>>>()
const fahrenheit: AvroConversion<number, { fahrenheit: number }> = {
  fromValue: (raw) => ({ fahrenheit: raw * 0.18 + 32 }),
  toValue: ({ fahrenheit }) => Math.round((fahrenheit - 32) / 0.18),
}
const temperatures = avro({ registry, schema: celsius, logicalTypes: { celsius: fahrenheit } })
expectType<Equal<typeof temperatures, Serde<{ fahrenheit: number }>>>()

// Where no schema is in the code, the type is given, or comes from where the serde is used.
const ofFile = avro<Leg>({ registry, schema: new URL('./leg.avsc', import.meta.url), long: 'bigint' })
expectType<Equal<typeof ofFile, Serde<Leg>>>()
const latest: Serde<Leg> = avro({ registry, schema: 'latest' })
latest satisfies Serde<Leg>
expectType<Equal<ReturnType<typeof unknownLatest>, Serde<unknown>>>()
const unknownLatest = () => avro({ registry, schema: 'latest' })

// @ts-expect-error no form of a decimal
avro({ registry, schema: money, logicalTypes: { decimal: 'number' } })
// @ts-expect-error a registry is needed
avro({ schema: flight })
