import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { AvroLogicalTypes } from '../../../../src/serdes/schema-registry/avro/logical-types/logical-type.js'
import { decode, encode, hex, roundTrip } from './codec.js'

const of = (type: string, logicalType: string, more: object = {}): object => ({ type, logicalType, ...more })
const money = of('bytes', 'decimal', { precision: 9, scale: 2 })
const fixedMoney = of('fixed', 'decimal', { name: 'Money', size: 5, precision: 9, scale: 2 })

const refuses = (schema: unknown, value: unknown, message: string, forms: AvroLogicalTypes = {}): void =>
  assert.throws(() => encode(schema, value, { logicalTypes: forms }), {
    name: 'SerdeError',
    message: `serde avro: ${message}`,
  })

describe('times', () => {
  const noon = Date.UTC(2024, 5, 1, 12)

  it('are numbers, whatever a long is', () => {
    for (const long of ['number', 'bigint'] as const) {
      for (const type of ['timestamp-millis', 'timestamp-micros', 'local-timestamp-millis', 'time-micros']) {
        assert.equal(roundTrip(of('long', type), noon, { long }), noon)
      }
      assert.equal(roundTrip(of('int', 'date'), 19_875, { long }), 19_875)
      assert.equal(roundTrip(of('int', 'time-millis'), 43_200_000, { long }), 43_200_000)
    }
  })

  it('of nanoseconds are bigints', () => {
    const nanos = BigInt(noon) * 1_000_000n + 1n
    assert.equal(roundTrip(of('long', 'timestamp-nanos'), nanos), nanos)
  })

  it('are Dates where that is asked for', () => {
    const logicalTypes = { 'timestamp-millis': 'date', date: 'date' } as const
    const at = new Date(noon)
    assert.deepEqual(roundTrip(of('long', 'timestamp-millis'), at, { logicalTypes }), at)
    assert.equal(hex(of('long', 'timestamp-millis'), at, { logicalTypes }), hex('long', noon))
    const day = new Date(Date.UTC(1969, 11, 31))
    assert.deepEqual(roundTrip(of('int', 'date'), day, { logicalTypes }), day)
    assert.equal(hex(of('int', 'date'), day, { logicalTypes }), '01')
    const union = ['null', 'string', of('long', 'timestamp-millis'), of('bytes', 'none')]
    assert.deepEqual(roundTrip(union, at, { logicalTypes }), at)
  })

  it('are refused where a Date has more than days, or is none', () => {
    const forms = { 'timestamp-millis': 'date', date: 'date' } as const
    refuses(
      of('int', 'date'),
      new Date(noon),
      'a date at midnight UTC expected, 2024-06-01T12:00:00.000Z found',
      forms,
    )
    refuses(of('long', 'timestamp-millis'), noon, `a valid Date expected, ${noon} found`, forms)
    refuses(
      of('long', 'timestamp-millis'),
      new Date(Number.NaN),
      'a valid Date expected, a Date found',
      forms,
    )
    assert.throws(
      () => decode(of('long', 'timestamp-millis'), encode('long', 9e15), undefined, { logicalTypes: forms }),
      { message: /9000000000000000 ms since 1970 are beyond what a Date can hold/ },
    )
  })
})

describe('a decimal', () => {
  it('is exact text', () => {
    for (const schema of [money, fixedMoney]) {
      for (const text of ['0.00', '12.50', '-0.01', '-1.28', '1.27', '9999999.99', '-9999999.99']) {
        assert.equal(roundTrip(schema, text), text)
      }
      assert.equal(roundTrip(schema, '12.5'), '12.50')
      assert.equal(roundTrip(schema, '12.5000'), '12.50')
      assert.equal(roundTrip(schema, '-0'), '0.00')
    }
    assert.equal(
      roundTrip(of('bytes', 'decimal', { precision: 20 }), '-12345678901234567890'),
      '-12345678901234567890',
    )
  })

  it('is two’s complement, as short as can be, as in Java', () => {
    const whole = of('bytes', 'decimal', { precision: 9 })
    for (const [text, bytes] of [
      ['0', '0200'],
      ['127', '027f'],
      ['128', '040080'],
      ['-128', '0280'],
      ['-129', '04ff7f'],
      ['255', '0400ff'],
    ] as const) {
      assert.equal(hex(whole, text), bytes)
    }
    assert.equal(hex(fixedMoney, '-0.01'), 'ffffffffff')
  })

  it('is a bigint with its scale where that is asked for', () => {
    const logicalTypes = { decimal: 'unscaled' } as const
    fc.assert(
      fc.property(fc.bigInt({ min: -999_999_999n, max: 999_999_999n }), (unscaled) => {
        const value = { unscaled, scale: 2 }
        assert.deepEqual(roundTrip(money, value, { logicalTypes }), value)
        assert.deepEqual(roundTrip(fixedMoney, value, { logicalTypes }), value)
      }),
    )
    refuses(money, { unscaled: 1n, scale: 3 }, '{ unscaled: bigint, scale: 2 } expected, an object found', {
      decimal: 'unscaled',
    })
  })

  it('is never rounded, and has no more digits than it may have', () => {
    refuses(money, '12.505', 'a decimal of scale 2 expected, "12.505" found')
    refuses(money, '10000000', 'a decimal of at most 9 digits expected, unscaled 1000000000 found')
    refuses(money, 12.5, 'a decimal as text expected, 12.5 found')
    refuses(money, '1e3', 'a decimal as text expected, "1e3" found')
    assert.throws(() => decode(money, encode('bytes', new Uint8Array(1_000_000))), {
      message: 'serde avro: a decimal of at most 9 digits expected, 1000000 bytes found',
    })
    assert.throws(() => decode(money, encode('bytes', new Uint8Array(0))), { message: /without any byte/ })
  })

  it('is bytes where its attributes are wrong, as Avro has it', () => {
    for (const more of [{}, { precision: 0 }, { precision: 2, scale: 3 }, { precision: 5, scale: -1 }]) {
      assert.deepEqual(roundTrip(of('bytes', 'decimal', more), Uint8Array.of(1)), Uint8Array.of(1))
    }
    assert.equal(roundTrip(of('string', 'decimal', { precision: 2 }), 'a'), 'a')
  })
})

describe('a UUID', () => {
  const uuid = '6f5902ac-237d-4b6c-95a1-16d3b5bd3be9'
  it('is text, of a string or of 16 bytes', () => {
    const fixed = of('fixed', 'uuid', { name: 'Id', size: 16 })
    assert.equal(roundTrip(of('string', 'uuid'), uuid), uuid)
    assert.equal(roundTrip(fixed, uuid.toUpperCase()), uuid)
    assert.equal(hex(fixed, uuid), uuid.replaceAll('-', ''))
    refuses(fixed, 'abc', 'a UUID expected, "abc" found')
  })
})

describe('a duration', () => {
  it('is months, days and milliseconds', () => {
    const schema = of('fixed', 'duration', { name: 'D', size: 12 })
    const value = { months: 1, days: 2, millis: 2 ** 32 - 1 }
    assert.deepEqual(roundTrip(schema, value), value)
    assert.equal(hex(schema, value), '0100000002000000ffffffff')
    refuses(
      schema,
      { months: 1, days: -1, millis: 0 },
      'days: a whole number of 32 bits, not negative, expected, -1 found',
    )
  })
})

describe('a form of your own', () => {
  const celsius = of('int', 'celsius', { digits: 1 })
  const logicalTypes: AvroLogicalTypes = {
    celsius: {
      fromValue: (raw: number, { digits }) => `${raw / 10 ** Number(digits)} °C`,
      toValue: (text: string, { digits }) => Math.round(Number.parseFloat(text) * 10 ** Number(digits)),
    },
  }

  it('is made of the value of the type, and knows its attributes', () => {
    assert.equal(roundTrip(celsius, '21.5 °C', { logicalTypes }), '21.5 °C')
    assert.equal(decode(celsius, encode('int', 215), celsius, { logicalTypes }), '21.5 °C')
    assert.equal(decode(celsius, encode('int', 215)), 215, 'a logical type that nobody knows is none')
  })

  it('is checked as any value is', () => {
    refuses(celsius, 'cold', 'an int expected, NaN found', logicalTypes)
    assert.throws(() => encode({ type: 'array', items: celsius }, [Symbol('x')], { logicalTypes }), {
      name: 'SerdeError',
      message: /^serde avro: \[0\]: /,
    })
  })

  it('in a union has the name of the type, but beside null', () => {
    assert.equal(roundTrip(['null', celsius], '1 °C', { logicalTypes }), '1 °C')
    assert.deepEqual(roundTrip(['string', celsius], { int: '1 °C' }, { logicalTypes }), { int: '1 °C' })
  })

  it('may be the type as it is', () => {
    assert.deepEqual(
      roundTrip(money, Uint8Array.of(1), { logicalTypes: { decimal: 'raw' } }),
      Uint8Array.of(1),
    )
  })
})

describe('defaults', () => {
  it('are in the form of the type', () => {
    const schema = {
      type: 'record',
      name: 'R',
      fields: [
        { name: 'price', type: money, default: '\u0004\u00e2' },
        { name: 'at', type: ['null', of('long', 'timestamp-millis')], default: 0 },
      ],
    }
    const logicalTypes = { 'timestamp-millis': 'date' } as const
    assert.deepEqual(roundTrip(schema, {}, { logicalTypes }), { price: '12.50', at: new Date(0) })
  })
})
