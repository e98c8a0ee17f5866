import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { countedBy } from './counting-process.js'

/** Bytes of heap per record; the clock and other work on the machine do not change them. */
type Allocations = Readonly<Record<'append' | 'positions' | 'parse', number>>

describe('the path of a record', () => {
  let allocated: Allocations

  before(() => {
    allocated = countedBy('./record-path.js') as Allocations
  })

  it('allocates no object to step through a batch', () => {
    assert.ok(allocated.positions < 8, `${allocated.positions} bytes a record`)
  })

  it('allocates no object to append to a batch', () => {
    assert.ok(allocated.append < 8, `${allocated.append} bytes a record`)
  })

  it('allocates little more than the value to parse JSON', () => {
    assert.ok(allocated.parse > 0 && allocated.parse < 150, `${allocated.parse} bytes a record`)
  })
})
