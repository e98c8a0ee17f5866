import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { before, describe, it } from 'node:test'
import { fileURLToPath } from 'node:url'

/** Bytes of heap per record; the clock and other work on the machine do not change them. */
type Allocations = Readonly<Record<'append' | 'positions' | 'parse', number>>

const program = fileURLToPath(new URL('./record-path.js', import.meta.url))

describe('the path of a record', () => {
  let allocated: Allocations

  before(() => {
    const counted = execFileSync(process.execPath, [
      '--expose-gc',
      '--max-semi-space-size=64',
      '--min-semi-space-size=64',
      program,
    ])
    allocated = JSON.parse(counted.toString()) as Allocations
  })

  it('allocates no object to step through a batch', () => {
    assert.ok(allocated.positions < 8, `${allocated.positions} bytes a record`)
  })

  it('allocates no object to append to a batch', () => {
    assert.ok(allocated.append < 8, `${allocated.append} bytes a record`)
  })

  it('allocates little more than the value to parse JSON', () => {
    assert.ok(allocated.parse > 0 && allocated.parse < 300, `${allocated.parse} bytes a record`)
  })
})
