import assert from 'node:assert/strict'
import type { Verdict } from './chaos-verifier.js'

/** The verifier has seen so many events and more than as many results, and found nothing wrong. */
export function assertFaultless({ recordsVerified, ...found }: Verdict, events: number): void {
  assert.ok(recordsVerified > events)
  assert.deepEqual(found, {
    recordsIn: events,
    lost: 0,
    duplicated: 0,
    reordered: 0,
    wrongResults: 0,
    openTransactions: 0,
    storesEqual: true,
    differences: [],
  })
}
