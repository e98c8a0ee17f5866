import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import type { ResolvedSchema, SchemaType } from '../../../../src/serdes/schema-registry/schema-text.js'
import { schemaTypes } from '../../../../src/serdes/schema-registry/types/schema-types.js'

const PROJECT = fileURLToPath(new URL('../../../../../', import.meta.url))
const BIN = join(PROJECT, 'node_modules/.bin')
const run = promisify(execFile)

const resolved = (type: SchemaType, schema: string, referenced: ResolvedSchema['referenced'] = []) => ({
  schema: { type, schema, referenced },
  name: 'Root',
})

const AVRO = {
  type: 'record',
  name: 'Flight',
  namespace: 'travel',
  doc: 'A flight.\n\nAs it was reported */.',
  fields: [
    { name: 'id', type: 'string', doc: 'Carrier, number and day.' },
    { name: 'delay', type: ['null', 'int'], default: null },
    { name: 'miles', type: 'long' },
    { name: 'departed', type: { type: 'long', logicalType: 'timestamp-millis' } },
    { name: 'arrived', type: { type: 'long', logicalType: 'timestamp-nanos' } },
    { name: 'fare', type: { type: 'bytes', logicalType: 'decimal', precision: 8, scale: 2 } },
    { name: 'key', type: { type: 'fixed', name: 'Key', size: 16, logicalType: 'uuid' } },
    { name: 'raw', type: 'bytes' },
    { name: 'cause', type: { type: 'enum', name: 'Cause', symbols: ['WEATHER', 'CREW'], doc: 'Why.' } },
    {
      name: 'legs',
      type: {
        type: 'array',
        items: { type: 'record', name: 'Leg', fields: [{ name: 'from', type: 'string' }] },
      },
    },
    { name: 'tags', type: { type: 'map', values: ['null', 'string'] } },
    { name: 'amounts', type: { type: 'array', items: ['int', 'string'] } },
    { name: 'either', type: ['null', 'int', 'double'] },
    { name: 'which', type: ['Leg', { type: 'record', name: 'Hop', namespace: 'air', fields: [] }] },
    { name: 'next', type: ['null', 'Flight'] },
    {
      name: 'status',
      type: {
        type: 'enum',
        name: 'Status',
        symbols: [
          'SCHEDULED_AS_PLANNED',
          'BOARDING_AT_THE_GATE',
          'DEPARTED_FROM_THE_GATE',
          'ARRIVED_AT_THE_GATE',
          'CANCELLED',
        ],
      },
    },
  ],
} as const

const JSON_SCHEMA = {
  title: 'Trip',
  description: 'A trip.',
  type: 'object',
  properties: {
    id: { type: 'string', description: 'Its id.' },
    'seat-class': { enum: ['first', 'second', 2, null] },
    from: { $ref: '#/definitions/place' },
    to: { $ref: '#/definitions/place' },
    stops: { type: 'array', items: { type: ['string', 'null'] } },
    extras: { type: 'object', additionalProperties: { type: 'number' } },
    parent: { $ref: '#' },
    price: {
      oneOf: [
        { type: 'integer' },
        { type: 'object', title: 'Price', properties: { amount: { type: 'number' } } },
      ],
    },
    both: {
      allOf: [{ $ref: '#/definitions/place' }, { type: 'object', properties: { gate: { type: 'string' } } }],
    },
    pair: {
      type: 'array',
      items: [{ type: 'string' }, { type: ['number', 'null'] }],
      additionalItems: false,
    },
    any: {},
  },
  required: ['id', 'from'],
  definitions: { place: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] } },
}

const PROTOBUF = `syntax = "proto3";
package travel;
import "google/protobuf/timestamp.proto";
// A booking.
message Booking {
  string booking_id = 1; // Never used again.
  optional int32 seats = 2;
  int64 price = 3;
  repeated Passenger passengers = 4;
  map<string, double> fees = 5;
  Class class = 6;
  bytes photo = 7;
  google.protobuf.Timestamp at = 8;
  oneof payment { string card = 9; string voucher = 10; }
  message Passenger { string name = 1; }
  enum Class { ECONOMY = 0; FIRST = 1; }
}`

const GENERATED = schemaTypes([
  resolved('AVRO', JSON.stringify(AVRO)),
  resolved('JSON', JSON.stringify(JSON_SCHEMA)),
  resolved('PROTOBUF', PROTOBUF),
])

const USE = `
import type { AvroValue } from ${JSON.stringify(join(PROJECT, 'src/serdes/schema-registry/avro/avro-value.ts'))}
import type { Booking, Flight, Trip } from './generated.ts'

const schema = ${JSON.stringify(AVRO)} as const
type Value = AvroValue<typeof schema>
// What holds a flight itself is deeper than the type of the schema goes.
type Shallow<T> = Omit<T, 'next'>
export const asTyped = (value: Shallow<Value>): Shallow<Flight> => value
export const asValue = (value: Shallow<Flight>): Shallow<Value> => value

export const trip: Trip = { id: '1', from: { city: 'Rome' }, stops: ['Pisa', null], extras: { bag: 2 }, price: 3 }
export const other: Trip = { ...trip, parent: trip, price: { amount: 1 }, both: { city: 'Bari', gate: 'A' }, 'seat-class': 2, pair: ['a', null] }
// @ts-expect-error required
export const nowhere: Trip = { id: '1' }
// @ts-expect-error a value of the enum
export const wrong: Trip = { ...trip, 'seat-class': 'third' }

export const booking: Booking = {
  bookingId: '1', price: 2, passengers: [{ name: 'A' }], fees: { bag: 1.5 }, class: 'FIRST', photo: new Uint8Array(), card: 'x',
}
export const unknownClass: Booking = { ...booking, class: 7 }
// @ts-expect-error no value of the enum
export const noClass: Booking = { ...booking, class: 'SECOND' }
`

let directory: string

before(async () => {
  directory = await mkdtemp(join(PROJECT, 'dist/types-'))
})
after(() => rm(directory, { recursive: true }))

describe('the types of schemas', () => {
  test('compile, and take the values of the serdes', async () => {
    const generated = join(directory, 'generated.ts')
    const use = join(directory, 'use.ts')
    await writeFile(generated, GENERATED)
    await writeFile(use, USE)
    const strict = [
      '--strict',
      '--noUncheckedIndexedAccess',
      '--exactOptionalPropertyTypes',
      '--verbatimModuleSyntax',
    ]
    const options = [
      '--ignoreConfig',
      '--noEmit',
      '--skipLibCheck',
      '--allowImportingTsExtensions',
      '--target',
      'es2023',
      '--module',
      'nodenext',
    ]
    const { stdout } = await run(join(BIN, 'tsc'), [...options, ...strict, '--types', 'node', use], {
      cwd: PROJECT,
    }).catch((error: { stdout: string }) => error)
    assert.equal(stdout, '')
  })

  test('are formatted as Biome does', async () => {
    const biome = run(join(BIN, 'biome'), ['format', '--stdin-file-path=generated-types.ts'], {
      cwd: PROJECT,
    })
    biome.child.stdin!.end(GENERATED)
    assert.equal(GENERATED, (await biome).stdout)
  })

  test('have the docs and names of the schemas', () => {
    const flight = schemaTypes([
      resolved(
        'AVRO',
        JSON.stringify({
          type: 'record',
          name: 'air.Flight',
          doc: 'One.',
          fields: [{ name: 'cause', doc: 'Why.', type: { type: 'enum', name: 'Cause', symbols: ['A'] } }],
        }),
      ),
    ])
    assert.equal(
      flight,
      `/** One. */
export interface Flight {
  /** Why. */
  cause: Cause
}

export type Cause = 'A'
`,
    )
  })

  test('are alike for longs as the serde has them', () => {
    const types = (long: 'number' | 'bigint'): string => schemaTypes([resolved('AVRO', '"long"')], { long })
    assert.equal(types('number'), 'export type Root = number\n')
    assert.equal(types('bigint'), 'export type Root = bigint\n')
  })

  test('have other names where two types have one, and one where they are the same', () => {
    const record = (namespace: string, type = 'int'): string =>
      JSON.stringify({ type: 'record', name: 'Leg', namespace, fields: [{ name: 'x', type }] })
    const types = schemaTypes([
      resolved('AVRO', record('air')),
      resolved('AVRO', record('sea', 'string')),
      resolved('AVRO', record('sea', 'string')),
    ])
    assert.deepEqual(
      [...types.matchAll(/interface (\w+)/g)].map(([, name]) => name),
      ['Leg', 'SeaLeg'],
    )
  })
})
