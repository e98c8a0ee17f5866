import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { SerdeError } from '../../../../src/serdes/serde-error.js'
import { decode, encode, roundTrip } from './codec.js'

const refuses = (schema: unknown, bytes: Buffer | string, text: string | RegExp, options = {}): void =>
  assert.throws(
    () => decode(schema, bytes, schema, options),
    (error) => {
      assert.ok(error instanceof SerdeError)
      if (typeof text === 'string') assert.equal(error.message, `serde avro: ${text}`)
      else assert.match(error.message, text)
      return true
    },
  )

const array = (items: unknown): object => ({ type: 'array', items })
const list = {
  type: 'record',
  name: 'List',
  fields: [{ name: 'next', type: ['null', 'List'] }],
}

describe('bytes that are none of the schema', () => {
  it('are too few or too many', () => {
    refuses('string', '06666f', 'a length of 3 bytes, where 2 are left')
    refuses('long', '80', 'the bytes end too early, after 1')
    refuses('double', '00000000000000', 'the bytes end too early, after 7')
    refuses('long', '0200', '1 bytes too many: the value ends after 1 bytes')
    refuses('null', '00', '1 bytes too many: the value ends after 0 bytes')
  })

  it('have numbers that are too large for their type', () => {
    refuses('int', 'ffffffff1f', 'an int of more than 32 bits')
    refuses('int', '8080808080808001', 'an int of more than 32 bits')
    refuses('long', 'ffffffffffffffffff02', 'a long of more than 64 bits', { long: 'bigint' })
    refuses('long', 'ffffffffffffffffffff01', 'a long of more than 64 bits')
    refuses('boolean', '02', 'a boolean is 0 or 1, not 2')
  })

  it('name a type or a symbol that there is not', () => {
    refuses(['null', 'int'], '04', 'a union of 2 types has none with number 2')
    refuses(['null', 'int'], '01', 'a union of 2 types has none with number -1')
    const status = { type: 'enum', name: 'Status', symbols: ['LATE'] }
    refuses(status, '02', 'enum Status has no symbol number 1')
    refuses(status, '01', 'enum Status has no symbol number -1')
  })

  it('name the place', () => {
    const record = { type: 'record', name: 'R', fields: [{ name: 'legs', type: array(array('boolean')) }] }
    refuses(record, '020401050000', 'legs[0][1]: a boolean is 0 or 1, not 5')
  })
})

describe('a length or count of billions', () => {
  const billions = ['8080808010', 'feffffff0f', 'feffffffffffff1f']

  it('is more than there are bytes', () => {
    for (const count of billions) {
      refuses('string', count, /a length of \d+ bytes, where 0 are left/)
      refuses('bytes', count, /a length of \d+ bytes, where 0 are left/)
      refuses(array('int'), `${count}00`, /a block of \d+ items, where 1 bytes are left/)
      refuses({ type: 'map', values: 'null' }, `${count}00`, /a block of \d+ items, where 1 bytes are left/)
    }
    refuses('string', '01', 'a length of -1 bytes, where 0 are left')
  })

  it('of items without bytes is too much', () => {
    const empty = { type: 'record', name: 'Empty', fields: [{ name: 'nothing', type: 'null' }] }
    for (const items of ['null', { type: 'fixed', name: 'F', size: 0 }, empty]) {
      for (const count of billions) {
        refuses(array(items), `${count}00`, /more than 65536 items of a type that has no bytes/)
      }
    }
  })

  it('is so, too, where it is the sum of many', () => {
    const items = encode(array('null'), new Array(60_000).fill(null))
    assert.equal((decode(array('null'), items) as unknown[]).length, 60_000)
    refuses(
      array(array('null')),
      Buffer.concat([Buffer.from([4]), items, items, Buffer.from([0])]),
      /65536 items/,
    )
    assert.throws(() => encode(array('null'), new Array(65_537).fill(null)), SerdeError)
  })

  it('in what is left out is no less', () => {
    const outer = (fields: readonly unknown[]): object => ({ type: 'record', name: 'Outer', fields })
    assert.throws(
      () => decode(outer([{ name: 'a', type: array('null') }]), 'feffffff0f00', outer([])),
      SerdeError,
    )
  })
})

describe('a value that contains itself', () => {
  const nested = (depth: number): object => {
    let value: { next: object | null } = { next: null }
    for (let level = 0; level < depth; level++) value = { next: value }
    return value
  }

  it('may do so 500 deep', () => {
    assert.deepEqual(roundTrip(list, nested(500)), nested(500))
  })

  it('is refused deeper, read and written, before the stack ends', () => {
    refuses(list, Buffer.alloc(100_000, 2), /\.next: a value that contains itself more than 500 deep/)
    assert.throws(() => encode(list, nested(501)), SerdeError)
    const ring: { next: object | null } = { next: null }
    ring.next = ring
    assert.throws(() => encode(list, ring), {
      name: 'SerdeError',
      message: /^serde avro: next\.next.* \.\.\. next.*: a value that contains itself more than 500 deep$/,
    })
  })

  it('is refused in a record of many fields, too', () => {
    const names = Array.from({ length: 200 }, (_, index) => `field${index}`)
    const wide = {
      type: 'record',
      name: 'Wide',
      fields: [
        ...names.map((name) => ({ name, type: 'null' })),
        { name: 'next', type: [array('int'), 'Wide'] },
      ],
    }
    refuses(wide, Buffer.alloc(100_000, 2), /contains itself/)
  })
})
