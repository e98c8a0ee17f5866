import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { JsonReader } from '../../src/serdes/json-reader.js'

type Outcome = { readonly value: unknown } | { readonly error: string }

const outcomeOf = (read: () => unknown): Outcome => {
  try {
    return { value: read() }
  } catch (error) {
    assert.ok(error instanceof SyntaxError)
    return { error: error.message }
  }
}

/** Reads texts one after the other with one reader, each in the middle of other bytes. */
const assertReadsAsJsonParse = (texts: readonly (string | Buffer)[]): void => {
  const reader = new JsonReader()
  for (const text of texts) {
    const bytes = Buffer.from(text as string)
    const around = Buffer.concat([Buffer.from('{"a":'), bytes, Buffer.from('","a":1}')])
    assert.deepStrictEqual(
      outcomeOf(() => reader.read(around, 5, 5 + bytes.length)),
      outcomeOf(() => JSON.parse(bytes.toString('utf8'))),
      bytes.toString('utf8'),
    )
  }
}

const long = 'x'.repeat(63)

const plain = fc.oneof(
  fc.string({ minLength: 60, maxLength: 200 }),
  fc
    .tuple(fc.nat({ max: 4 }), fc.constantFrom('', '\\', '"', '\\"', '\n', 'é', '\ud800', 'tail'))
    .map(([more, end]) => `${long}${'y'.repeat(more)}${end}`),
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'binary', maxLength: 8 }),
  fc.constantFrom('sale', 'view', '', 'São Paulo', '\\', '"', '\u2028', '\ud800'),
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.constantFrom(-0, 0.1, 0.3, 1e21, 1e-7, 123456789012345, 0.000001, 4.35, 2 ** 53),
  fc.boolean(),
  fc.constant(null),
)
const name = fc.oneof(
  fc.constantFrom('id', 'user', 'a', '1', '__proto__', 'toString', 'constructor', 'é', '"', '\u2028'),
  fc.string({ maxLength: 5 }),
)
const flat = fc.dictionary(name, plain, { maxKeys: 6 })

/** Objects of a few shapes, in turn: those that the reader learns. */
const similar = fc.array(flat, { minLength: 1, maxLength: 6 }).chain((examples) =>
  fc.array(
    fc
      .constantFrom(...examples)
      .chain((example) =>
        fc
          .tuple(...Object.keys(example).map((key) => plain.map((value) => [key, value] as const)))
          .map((entries) => Object.fromEntries(entries) as Record<string, unknown>),
      ),
    { minLength: 2, maxLength: 20 },
  ),
)

test('values are those of JSON.parse, whatever was read before', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(fc.jsonValue(), flat)), (values) =>
      assertReadsAsJsonParse(values.map((value) => JSON.stringify(value))),
    ),
  )
  fc.assert(
    fc.property(similar, (values) => assertReadsAsJsonParse(values.map((value) => JSON.stringify(value)))),
    {
      numRuns: 1000,
    },
  )
})

test('texts that are nearly of a known shape are read, or refused, as JSON.parse does', () => {
  const damage = fc.record({ at: fc.nat(), byte: fc.integer({ min: 0, max: 255 }), cut: fc.nat({ max: 3 }) })
  fc.assert(
    fc.property(flat, fc.array(damage, { minLength: 1, maxLength: 30 }), (value, damages) => {
      const text = Buffer.from(JSON.stringify(value))
      const damaged = damages.map(({ at, byte, cut }) => {
        const bytes = Buffer.from(text)
        bytes[at % bytes.length] = byte
        return bytes.subarray(0, bytes.length - cut)
      })
      assertReadsAsJsonParse([text, ...damaged.flatMap((bytes) => [bytes, text])])
    }),
    { numRuns: 1000 },
  )
})

test('numbers that need more than one rounding, or are written otherwise, are exact', () => {
  const written = [
    '0',
    '-0',
    '-0.0',
    '01',
    '1.',
    '.5',
    '-',
    '1e5',
    '1E-7',
    '+1',
    '0x10',
    '9007199254740993',
    '0.1',
    '0.30',
    '123456789.123456',
    '1234567890.12345678',
    '999999999999999',
    '9999999999999999',
    '1.7976931348623157e308',
  ]
  assertReadsAsJsonParse(['{"n":1}', ...written.map((number) => `{"n":${number}}`)])
})

test('a property that comes twice, spaces and escapes are read as JSON.parse reads them', () => {
  assertReadsAsJsonParse([
    '{"a":1,"b":2}',
    '{"a":1,"b":2,"b":3}',
    '{"a":1,"a":2}',
    '{"a":1, "b":2}',
    ' {"a":1,"b":2}',
    '{"a":1,"b":2}\n',
    '{"a":"\\u0041","b":"\\n"}',
    '{"a":"tab\there","b":2}',
    '{"\\u0061":1,"b":2}',
    '{"__proto__":1}',
    '{"a":1,"__proto__":{"b":2}}',
    '{}',
    '[]',
  ])
})

test('what is read belongs to the reader: changing it changes no other value', () => {
  const reader = new JsonReader()
  const text = Buffer.from('{"a":1,"b":"x"}')
  const read = () => reader.read(text, 0, text.length) as { a: number; c?: number }
  const first = read()
  const second = read()
  second.a = 2
  second.c = 3
  assert.deepEqual(first, { a: 1, b: 'x' })
  assert.deepEqual(read(), { a: 1, b: 'x' })
})

test('many shapes in turn are read as before', () => {
  const texts = Array.from({ length: 5000 }, (_, index) =>
    JSON.stringify({ [`p${index % 7}`]: index, q: 'x' }),
  )
  assertReadsAsJsonParse(texts)
})
