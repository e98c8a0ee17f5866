import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { WatermarkClock } from '../../src/time/event-clock.js'
import { TimeGate } from '../../src/time/time-gate.js'

/** A gate, and the time that comes to it. */
function gateAt(now = -1, passed = -1) {
  const clock = new WatermarkClock(now)
  const progress = { closeTime: passed }
  const gate = new TimeGate(clock, progress)
  clock.onAdvance({ timeAdvanced: () => gate.arrived() })
  return { gate, clock, progress }
}

describe('a time gate', () => {
  it('is open while nothing is in flight', () => {
    const { gate } = gateAt(10)
    assert.equal(gate.closed, false)
    assert.equal(gate.time, Number.POSITIVE_INFINITY)
  })

  it('lets time past behind what was in flight when it came', () => {
    const { gate, clock } = gateAt(10)
    gate.entered(0)
    gate.entered(1)
    assert.equal(gate.time, 10)
    clock.advance(20)
    gate.entered(2)
    assert.equal(gate.isBehind(1), false)
    assert.equal(gate.isBehind(2), true)
    assert.equal(gate.left(1), false)
    assert.equal(gate.time, 10)
    assert.equal(gate.left(0), true)
    assert.equal(gate.time, 20)
  })

  it('lets what came after a time that waited go on with it, as one', () => {
    const { gate, clock } = gateAt(0)
    gate.entered(0)
    clock.advance(10)
    gate.entered(1)
    clock.advance(20)
    gate.entered(2)
    clock.advance(30)
    assert.equal(gate.left(0), true)
    assert.equal(gate.time, 10)
    assert.equal(gate.isBehind(2), false, 'the time that waits now came behind it')
    gate.left(1)
    assert.equal(gate.time, 10)
    assert.equal(gate.left(2), true)
    assert.equal(gate.time, Number.POSITIVE_INFINITY)
  })

  it('does not hold time up for what came after it', () => {
    const { gate, clock } = gateAt(0)
    gate.entered(0)
    clock.advance(10)
    gate.entered(1)
    assert.equal(gate.left(1), false)
    assert.equal(gate.left(0), true)
  })

  it('goes on from the time that was committed, behind what was in flight', () => {
    const { gate, progress } = gateAt(30, 10)
    gate.restored(7)
    gate.restored(8)
    gate.arrived()
    assert.equal(gate.time, 10)
    gate.left(7)
    gate.left(8)
    assert.equal(progress.closeTime, 30)
  })
})
