import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { OperatorTotals } from '../../src/runtime/operator-totals.js'
import type { AsyncCallMetrics } from '../../src/runtime/stream-metrics.js'

const calls = (task: string, attempts: number, inFlight = 0): AsyncCallMetrics => ({
  task,
  operator: 'ask',
  inFlight,
  attempts,
  retries: 1,
  timeouts: 0,
  failures: 0,
  breaker: 'closed',
})

const totalsOfCalls = () =>
  new OperatorTotals<'attempts' | 'retries', AsyncCallMetrics>(['attempts', 'retries'], {
    inFlight: 0,
    breaker: undefined,
  })

describe('totals of operators', () => {
  it('are what is counted as long as the task lives', () => {
    assert.deepEqual(totalsOfCalls().over([calls('0_0', 5, 2)]), [calls('0_0', 5, 2)])
  })

  it('stay when the task leaves, with nothing in flight', () => {
    const totals = totalsOfCalls()
    totals.end([calls('0_0', 5, 2)])
    assert.deepEqual(totals.over([]), [{ ...calls('0_0', 5), breaker: undefined }])
  })

  it('go on when it comes back, however often', () => {
    const totals = totalsOfCalls()
    totals.end([calls('0_0', 5, 2)])
    totals.end([calls('0_0', 3)])
    totals.end([calls('0_1', 1)])
    const [back, other] = totals.over([calls('0_0', 1, 1)])
    assert.deepEqual(back, { ...calls('0_0', 9, 1), retries: 3 })
    assert.equal(other!.task, '0_1')
  })
})
