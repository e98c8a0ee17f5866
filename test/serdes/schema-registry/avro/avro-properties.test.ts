import assert from 'node:assert/strict'
import { test } from 'node:test'
import avsc from 'avsc'
import fc from 'fast-check'
import { ByteWriter } from '../../../../src/serdes/byte-writer.js'
import { avroFormat } from '../../../../src/serdes/schema-registry/avro/avro-format.js'
import { SerdeError } from '../../../../src/serdes/serde-error.js'
import { decode, encode, readWith, resolved, roundTrip } from './codec.js'
import { all, schemaAndValues } from './random-schema.js'

test('every value of every schema comes back', () => {
  fc.assert(
    fc.property(schemaAndValues(all), ([schema, values]) => {
      for (const value of values) assert.deepStrictEqual(roundTrip(schema, value), value)
    }),
    { numRuns: 500 },
  )
})

test('equal values give equal bytes, whatever the order of their properties', () => {
  const reversed = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(reversed)
    if (typeof value !== 'object' || value === null || value instanceof Uint8Array) return value
    return Object.fromEntries(
      Object.entries(value)
        .reverse()
        .map(([name, inner]) => [name, reversed(inner)]),
    )
  }
  fc.assert(
    fc.property(schemaAndValues(all), ([schema, values]) => {
      for (const value of values) {
        assert.deepEqual(encode(schema, reversed(value)), encode(schema, value))
      }
    }),
  )
})

/** avsc's records have a class each, and its bytes are Buffers. */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain)
  if (value instanceof Uint8Array) return Buffer.from(value)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(inner)]))
}

/** What avsc writes or reads otherwise than it should: see "why not avsc alone" in docs/avro.md. */
const withinAvsc = {
  ...all,
  long: fc.integer({ min: -(2 ** 52), max: 2 ** 52 }),
  text: all.text.filter((text) => text.isWellFormed() && text !== '__proto__'),
}

test('avsc reads what is written, and what avsc writes is read', () => {
  fc.assert(
    fc.property(
      schemaAndValues(withinAvsc).filter(([schema]) => !JSON.stringify(schema).includes('__proto__')),
      ([schema, values]) => {
        const type = avsc.Type.forSchema(schema as avsc.Schema)
        for (const value of values) {
          const given = plain(value)
          assert.deepEqual(plain(type.fromBuffer(encode(schema, value))), given)
          assert.deepEqual(plain(decode(schema, type.toBuffer(given))), given)
        }
      },
    ),
    { numRuns: 500 },
  )
})

/** A value, or the message of the only error that a reader may throw. */
function outcomeOf(read: () => unknown): unknown {
  try {
    return { value: read() }
  } catch (error) {
    assert.ok(error instanceof SerdeError, String((error as Error).stack))
    return { problem: error.message }
  }
}

const damage = fc.oneof(
  fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }) }),
  fc.record({ at: fc.nat(), bit: fc.nat(7) }),
  fc.record({ at: fc.nat(), cut: fc.boolean() }),
  fc.record({ at: fc.nat(), inserted: fc.uint8Array({ maxLength: 12 }) }),
)

type Damage = { at: number; byte?: number; bit?: number; cut?: boolean; inserted?: Uint8Array }

function damaged(bytes: Buffer, { at, byte, bit, cut, inserted }: Damage): Buffer {
  const index = at % (bytes.length + 1)
  if (cut !== undefined) return cut ? bytes.subarray(0, index) : bytes.subarray(index)
  if (inserted !== undefined) {
    return Buffer.concat([bytes.subarray(0, index), inserted, bytes.subarray(index)])
  }
  const copy = Buffer.from(bytes)
  if (index < copy.length) copy[index] = byte ?? copy[index]! ^ (1 << bit!)
  return copy
}

const huge = fc.constantFrom('ffffffff0f', 'feffffffffffffffff01', 'ffffffffffffffffff01', '8080808010')
const noise = fc.oneof(
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
  fc
    .array(fc.oneof(huge, fc.constantFrom('00', '01', '02', '04', '06')), { maxLength: 20 })
    .map((parts) => Buffer.from(parts.join(''), 'hex')),
)

test('whatever bytes come, they are a value or a SerdeError, and nothing around them is read', () => {
  fc.assert(
    fc.property(
      schemaAndValues(all),
      fc.array(fc.array(damage, { minLength: 1, maxLength: 3 }), { minLength: 5, maxLength: 20 }),
      fc.array(noise, { minLength: 5, maxLength: 20 }),
      ([schema, values], damages, noises) => {
        const format = avroFormat({ schema: 'latest' })
        const reader = format.reader(resolved(schema), resolved(schema))
        const skipper = skipping(schema)
        const samples = [
          ...values.flatMap((value) => {
            const bytes = encode(schema, value)
            return damages.map((list) => (list as Damage[]).reduce(damaged, bytes))
          }),
          ...noises,
        ]
        for (const bytes of samples) {
          const outcome = outcomeOf(() => readWith(reader, bytes, 0x00))
          assert.deepStrictEqual(
            outcomeOf(() => readWith(reader, bytes, 0xff)),
            outcome,
          )
          outcomeOf(() => readWith(skipper, bytes))
        }
      },
    ),
    { numRuns: 300 },
  )
})

/** A reader that has nothing of the record but knows that it ends. */
function skipping(schema: unknown) {
  const fields = [{ name: 'skipped', type: schema }]
  const format = avroFormat({ schema: 'latest' })
  return format.reader(
    resolved({ type: 'record', name: 'Outer', fields }),
    resolved({ type: 'record', name: 'Outer', fields: [] }),
  )
}

test('what is left out is left out to its end', () => {
  fc.assert(
    fc.property(schemaAndValues(all), ([schema, values]) => {
      const reader = skipping(schema)
      for (const value of values) assert.deepEqual(readWith(reader, encode(schema, value)), {})
    }),
  )
})

test('a value of a schema is refused by another one, or comes back as its value', () => {
  fc.assert(
    fc.property(schemaAndValues(all), fc.anything(), ([schema], value) => {
      const writer = avroFormat({ schema: 'latest' }).writer(resolved(schema))
      const target = new ByteWriter()
      target.writeInt8(1)
      const outcome = outcomeOf(() => writer.write(value, target))
      if ('problem' in (outcome as object)) assert.equal(target.position, 1, 'nothing of it stays')
      else decode(schema, target.view().subarray(1))
    }),
    { numRuns: 500 },
  )
})
