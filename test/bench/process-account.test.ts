import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { cpuSeconds } from '../../bench/process-account.js'

describe('the CPU account of a process', () => {
  it('adds user and system time, whatever the process is called', () => {
    const stat = '4242 (a) odd (name) S 1 4242 4242 0 -1 4194560 100 0 0 0 250 50 7 9 20 0 11 0 100 0 0'
    assert.equal(cpuSeconds(stat), 3)
  })
})
