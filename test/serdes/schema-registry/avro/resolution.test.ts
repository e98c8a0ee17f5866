import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { avroFormat } from '../../../../src/serdes/schema-registry/avro/avro-format.js'
import { SchemaResolutionError } from '../../../../src/serdes/schema-registry/registry-errors.js'
import { encode, evolve, resolved } from './codec.js'

const record = (name: string, fields: readonly object[], more: object = {}): object => ({
  type: 'record',
  name,
  fields,
  ...more,
})
const one = (type: unknown, more: object = {}): object => record('R', [{ name: 'a', type, ...more }])
const bytes = (text: string): Uint8Array => new Uint8Array(Buffer.from(text))

const cannot = (writer: unknown, reader: unknown, text: string): void =>
  assert.throws(() => avroFormat({ schema: 'latest' }).reader(resolved(writer), resolved(reader)), {
    name: 'SchemaResolutionError',
    message: text,
  })

describe('a type that was widened', () => {
  it('is read as the wider one', () => {
    for (const [writer, value, reader, expected] of [
      ['int', 7, 'long', 7],
      ['int', 16_777_217, 'float', 16_777_216],
      ['int', 16_777_217, 'double', 16_777_217],
      ['long', 2 ** 53 - 1, 'double', 2 ** 53 - 1],
      ['long', -(2 ** 53) + 1, 'double', -(2 ** 53) + 1],
      ['long', 16_777_217, 'float', 16_777_216],
      ['float', 1.5, 'double', 1.5],
      ['string', 'é', 'bytes', bytes('é')],
      ['bytes', bytes('é'), 'string', 'é'],
    ] as const) {
      assert.deepEqual(evolve(writer, value, reader), expected, `${writer} as ${reader}`)
    }
    assert.equal(evolve('int', -7, 'long', { long: 'bigint' }), -7n)
    fc.assert(
      fc.property(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }), (value) => {
        assert.equal(evolve('long', value, 'double', { long: 'bigint' }), Number(value))
      }),
    )
  })

  it('is not read as a narrower one', () => {
    for (const [writer, reader] of [
      ['long', 'int'],
      ['double', 'float'],
      ['float', 'long'],
      ['string', 'int'],
      ['boolean', 'int'],
      ['null', 'string'],
    ] as const) {
      cannot(writer, reader, `${writer} was written, which cannot be read as ${reader}`)
    }
  })
})

describe('a record', () => {
  const writer = record('a.R', [
    { name: 'kept', type: 'int' },
    {
      name: 'removed',
      type: { type: 'array', items: record('Item', [{ name: 'a', type: ['null', 'string'] }]) },
    },
    { name: 'old', type: 'string' },
  ])
  const value = { kept: 7, removed: [{ a: 'x' }, { a: null }], old: 'text' }

  it('has fields by their names, those that are new by default, and others under an alias', () => {
    const reader = record('a.R', [
      { name: 'new', type: 'string', aliases: ['old'] },
      { name: 'added', type: { type: 'array', items: 'int' }, default: [1, 2] },
      { name: 'kept', type: 'long' },
    ])
    const read = evolve(writer, value, reader) as object
    assert.deepEqual(read, { new: 'text', added: [1, 2], kept: 7 })
    assert.deepEqual(Object.keys(read), ['new', 'added', 'kept'])
  })

  it('is known by the last part of its name, or by an alias', () => {
    const fields = [{ name: 'kept', type: 'int' }]
    assert.deepEqual(evolve(writer, value, record('b.R', fields)), { kept: 7 })
    assert.deepEqual(evolve(writer, value, record('b.S', fields, { aliases: ['a.R'] })), { kept: 7 })
    cannot(writer, record('a.S', fields), 'record a.R was written, which cannot be read as record a.S')
  })

  it('lacks a field that has no default: the field and its type are named', () => {
    const reader = record('a.R', [{ name: 'inner', type: record('I', [{ name: 'added', type: 'int' }]) }])
    cannot(
      record('a.R', [{ name: 'inner', type: record('I', []) }]),
      reader,
      "field inner.added: int of the reader's is not in what was written, and has no default",
    )
  })

  it('has a field of another type: the place and both types are named', () => {
    cannot(
      one({ type: 'map', values: { type: 'array', items: 'string' } }),
      one({ type: 'map', values: { type: 'array', items: ['null', 'int'] } }),
      'field a[][]: string was written, which cannot be read as null or int',
    )
  })

  it('takes a field by its name before it takes one by an alias', () => {
    const fields = [
      { name: 'x', type: 'int' },
      { name: 'y', type: 'int' },
    ]
    const reader = record('R', [
      { name: 'x', type: 'int', aliases: ['y'] },
      { name: 'y', type: 'int', aliases: ['x'] },
    ])
    assert.deepEqual(evolve(record('R', fields), { x: 1, y: 2 }, reader), { x: 1, y: 2 })
  })

  it('may contain itself', () => {
    const list = (more: readonly object[]): object =>
      record('L', [{ name: 'next', type: ['null', 'L'] }, ...more])
    const before = list([{ name: 'value', type: 'int' }])
    const after = list([
      { name: 'value', type: 'long' },
      { name: 'added', type: 'string', default: '-' },
    ])
    assert.deepEqual(evolve(before, { value: 1, next: { value: 2, next: null } }, after), {
      value: 1,
      added: '-',
      next: { value: 2, added: '-', next: null },
    })
  })

  it('is not read as one that could be read but for itself', () => {
    const list = (type: string): object =>
      record('L', [
        { name: 'next', type: ['null', 'L'] },
        { name: 'value', type },
      ])
    cannot(list('string'), list('int'), 'field value: string was written, which cannot be read as int')
    cannot(
      record('O', [{ name: 'l', type: list('string') }]),
      record('O', [{ name: 'l', type: [list('int'), 'null'] }]),
      'field l.value: string was written, which cannot be read as int',
    )
  })

  it('that is unreadable at first is so at its second place', () => {
    const inner = (type: string): object => record('I', [{ name: 'v', type }])
    const outer = (type: string): object =>
      record('O', [
        { name: 'first', type: ['null', inner(type)] },
        { name: 'second', type: 'I' },
      ])
    cannot(outer('string'), outer('int'), 'field first.v: string was written, which cannot be read as int')
  })
})

describe('a union', () => {
  it('may get types, and be made of one', () => {
    assert.equal(evolve('int', 7, ['null', 'int']), 7)
    assert.equal(evolve(['null', 'int'], 7, ['null', 'string', 'long']), 7)
    assert.equal(evolve(['null', 'int'], null, ['string', 'null', 'long']), null)
    assert.deepEqual(
      evolve('int', 7, ['float', 'int']),
      { int: 7 },
      'the type itself goes before a wider one',
    )
    assert.deepEqual(evolve('int', 7, ['double', 'long']), { double: 7 }, 'else the first that it can be')
    assert.deepEqual(evolve(['null', 'int', 'long'], { long: 7 }, ['null', 'long']), 7)
  })

  it('may lose types: only a value of one is refused', () => {
    assert.equal(evolve(['null', 'string'], 'x', 'string'), 'x')
    assert.throws(() => evolve(['null', 'string'], null, 'string'), {
      name: 'SerdeError',
      message: 'serde avro: null was written, which cannot be read as string',
    })
    assert.throws(() => evolve(one(['string', 'int']), { a: 7 }, one('string')), {
      name: 'SerdeError',
      message: 'serde avro: a: int was written, which cannot be read as string',
    })
  })

  it('that has nothing for the reader is refused at once', () => {
    cannot(
      one(['null', 'string']),
      one(['null', 'int']),
      'field a: string was written, which cannot be read as null or int',
    )
    cannot(['string', 'bytes'], 'int', 'string or bytes was written, which cannot be read as int')
  })

  it('of records has them by name, whichever fits first', () => {
    const x = record('a.X', [{ name: 'v', type: 'int' }])
    const y = record('a.Y', [{ name: 'v', type: 'int' }])
    assert.deepEqual(evolve(['null', x, y], { 'a.Y': { v: 1 } }, [y, x]), { 'a.Y': { v: 1 } })
    assert.deepEqual(evolve(y, { v: 1 }, ['null', x, y]), { 'a.Y': { v: 1 } })
    const otherY = record('b.Y', [{ name: 'v', type: 'int' }])
    assert.deepEqual(evolve([y, otherY], { 'b.Y': { v: 1 } }, [y, otherY]), { 'b.Y': { v: 1 } })
    assert.deepEqual(evolve([y, otherY], { 'a.Y': { v: 1 } }, [otherY, y]), { 'a.Y': { v: 1 } })
  })
})

describe('an enum and a fixed', () => {
  const status = (symbols: readonly string[], more: object = {}): object => ({
    type: 'enum',
    name: 'Status',
    symbols,
    ...more,
  })

  it('has symbols by name', () => {
    assert.equal(evolve(status(['A', 'B']), 'B', status(['B', 'C', 'A'])), 'B')
  })

  it('has the default of the reader for a symbol that it lacks, or refuses it', () => {
    assert.equal(evolve(status(['A', 'B']), 'B', status(['A', 'OTHER'], { default: 'OTHER' })), 'OTHER')
    assert.equal(evolve(status(['A', 'B']), 'A', status(['A'])), 'A')
    assert.throws(() => evolve(status(['A', 'B']), 'B', status(['A'])), {
      name: 'SerdeError',
      message: "serde avro: the reader's enum Status has neither the symbol B nor a default",
    })
  })

  it('of another name or size is another type', () => {
    cannot(
      status(['A']),
      { ...status(['A']), name: 'Other' },
      'enum Status was written, which cannot be read as enum Other',
    )
    const fixed = (size: number): object => ({ type: 'fixed', name: 'F', size })
    cannot(fixed(2), fixed(3), 'fixed F was written, which cannot be read as fixed F')
  })
})

describe('a logical type', () => {
  const of = (type: string, logicalType: string, more: object = {}): object => ({
    type,
    logicalType,
    ...more,
  })

  it('may come and go', () => {
    assert.equal(evolve('long', 7, of('long', 'timestamp-millis')), 7)
    assert.equal(evolve(of('long', 'timestamp-millis'), 7, 'long'), 7)
    assert.equal(evolve('int', 7, of('long', 'timestamp-millis')), 7)
    const digits = (precision: number): object => of('bytes', 'decimal', { precision, scale: 2 })
    assert.equal(evolve(digits(4), '1.50', digits(6)), '1.50')
  })

  it('is not read in another unit', () => {
    cannot(
      of('long', 'timestamp-millis'),
      of('long', 'timestamp-micros'),
      'long (timestamp-millis) was written, which cannot be read as long (timestamp-micros)',
    )
    cannot(
      of('bytes', 'decimal', { precision: 9, scale: 2 }),
      of('bytes', 'decimal', { precision: 9, scale: 3 }),
      'bytes (decimal 9, 2) was written, which cannot be read as bytes (decimal 9, 3)',
    )
  })
})

describe('a default of the reader that is none', () => {
  it('is named', () => {
    cannot(record('R', []), one('int', { default: 'x' }), 'field a: default: int expected, "x" found')
  })

  it('does not matter where it is the writer’s', () => {
    const written = encode(one('int'), { a: 1 })
    assert.ok(written.length > 0)
    assert.deepEqual(evolve(one('int'), { a: 1 }, one('int', { default: 'x' })), { a: 1 })
  })
})

interface Step {
  /** The field as it was written, and a value; undefined: it is new. */
  readonly written?: { readonly name: string; readonly type: unknown; readonly value: unknown }
  /** The field as it is read, and the value there; undefined: it was removed. */
  readonly read?: { readonly name: string; readonly [name: string]: unknown }
  readonly expected?: unknown
}

/** What may happen to a field between two versions that can be read. */
const step = (name: string): fc.Arbitrary<Step> =>
  fc.oneof(
    fc.integer().map((value) => ({
      written: { name, type: 'int', value },
      read: { name, type: 'int' },
      expected: value,
    })),
    fc.integer().chain((value) =>
      fc.constantFrom('long', 'double', ['null', 'int'], ['null', 'long']).map((type) => ({
        written: { name, type: 'int', value },
        read: { name, type },
        expected: value,
      })),
    ),
    fc.string({ unit: 'grapheme' }).map((value) => ({
      written: { name, type: 'string', value },
      read: { name: `${name}_renamed`, type: 'string', aliases: ['other', name] },
      expected: value,
    })),
    fc.array(fc.string({ unit: 'grapheme' })).map((value) => ({
      written: { name, type: { type: 'array', items: ['null', 'string'] }, value },
    })),
    fc.integer().map((value) => ({ read: { name, type: ['null', 'int'], default: value }, expected: value })),
    fc.dictionary(fc.string({ unit: 'grapheme' }), fc.integer(), { noNullPrototype: true }).map((value) => ({
      written: { name, type: { type: 'map', values: 'int' }, value },
      read: { name, type: { type: 'map', values: 'long' } },
      expected: value,
    })),
    fc.constantFrom('A', 'B', 'C').map((value) => ({
      written: { name, type: { type: 'enum', name: `${name}_E`, symbols: ['A', 'B', 'C'] }, value },
      read: { name, type: { type: 'enum', name: `${name}_E`, symbols: ['C', 'X', 'A'], default: 'X' } },
      expected: value === 'B' ? 'X' : value,
    })),
  )

const steps = (size: number): fc.Arbitrary<readonly Step[]> =>
  fc.tuple(...Array.from({ length: size }, (_, index) => step(`f${index}`)))

describe('what another language has written', () => {
  it('is not read', () => {
    const json = { ...resolved({ type: 'string' }), type: 'JSON' } as const
    assert.throws(() => avroFormat({ schema: 'latest' }).reader(json, resolved('string')), {
      name: 'SchemaResolutionError',
      message: 'it was written with a schema of type JSON, not AVRO',
    })
  })
})

describe('any number of steps', () => {
  it('give what each of them gives, in any order of the fields', () => {
    const evolution = fc
      .integer({ min: 0, max: 8 })
      .chain(steps)
      .chain((all) => {
        const order = fc.shuffledSubarray(
          all.map((_, index) => index),
          { minLength: all.length },
        )
        return fc.tuple(fc.constant(all), order)
      })
    fc.assert(
      fc.property(evolution, ([all, order]) => {
        const written = all.flatMap((one) => one.written ?? [])
        const read = order.flatMap((index) => (all[index]!.read === undefined ? [] : [all[index]!]))
        const writer = record(
          'R',
          written.map(({ name, type }) => ({ name, type })),
        )
        const reader = record(
          'R',
          read.map((one) => one.read!),
        )
        assert.deepEqual(
          evolve(writer, Object.fromEntries(written.map(({ name, value }) => [name, value])), reader),
          Object.fromEntries(read.map((one) => [one.read!.name, one.expected])),
        )
      }),
      { numRuns: 500 },
    )
  })

  it('that cannot be read give one error', () => {
    assert.throws(() => evolve(one('string'), { a: 'x' }, one('int')), SchemaResolutionError)
  })
})
