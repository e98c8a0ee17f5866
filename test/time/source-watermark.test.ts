import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import { END_OF_TIME } from '../../src/time/input-watermark.js'
import { SourceWatermark } from '../../src/time/source-watermark.js'
import { recordWatermarks, Watermarks } from '../../src/time/watermark-strategy.js'

describe('the watermark of a source partition', () => {
  it('stays behind the greatest timestamp by what records may be out of order, and never goes back', () => {
    fc.assert(
      fc.property(fc.nat(20), fc.array(fc.nat(100)), (outOfOrderness, timestamps) => {
        const watermark = new SourceWatermark(Watermarks.boundedOutOfOrderness(outOfOrderness))
        timestamps.forEach((timestamp, index) => {
          const before = watermark.eventTime
          const advanced = watermark.observe(timestamp)
          const greatest = Math.max(...timestamps.slice(0, index + 1))
          assert.equal(watermark.eventTime, Math.max(-1, greatest - outOfOrderness))
          assert.equal(advanced, watermark.eventTime > before)
        })
      }),
    )
  })

  it('goes on behind the timestamp that was committed', () => {
    const watermark = new SourceWatermark(Watermarks.boundedOutOfOrderness(5))
    watermark.resume(30)
    assert.equal(watermark.eventTime, 25)
    assert.equal(watermark.observe(20), false)
    assert.equal(watermark.observe(31), true)
    assert.equal(watermark.eventTime, 26)
  })

  it('goes on from the event time that was committed, where the timestamp does not tell', () => {
    const watermark = new SourceWatermark(recordWatermarks().punctuated(() => undefined))
    watermark.resume(30, 27)
    assert.equal(watermark.eventTime, 27)
  })

  it('is idle when there was nothing to read for the time given, until a record comes', () => {
    const watermark = new SourceWatermark(Watermarks.monotonous().withIdleness(10))
    watermark.observe(50)
    assert.equal(watermark.tick(0, 9), false)
    assert.equal(watermark.tick(0, 10), true)
    assert.equal(watermark.idle, true)
    assert.equal(watermark.tick(0, 500), false, 'nothing new')
    assert.equal(watermark.eventTime, 50)
    assert.equal(watermark.observe(40), true, 'back, though it has come no further')
    assert.deepEqual([watermark.eventTime, watermark.idle], [50, false])
  })

  it('is never idle where that is not asked for', () => {
    const watermark = new SourceWatermark(Watermarks.monotonous())
    assert.equal(watermark.tick(0, Number.MAX_SAFE_INTEGER), false)
    assert.equal(watermark.idle, false)
  })

  it('goes on with the wall clock while idle, from where it was', () => {
    const watermark = new SourceWatermark(
      Watermarks.monotonous().withIdleness(10, { watermark: 'wall-clock' }),
    )
    watermark.observe(50)
    watermark.tick(0, 10)
    assert.equal(watermark.eventTime, 60)
    watermark.tick(0, 25)
    assert.equal(watermark.eventTime, 75)
  })

  it('refuses a watermark that is no time', () => {
    const watermark = new SourceWatermark(
      recordWatermarks().generated(() => ({ onEvent: () => undefined, onPeriodic: () => Number.NaN })),
    )
    assert.throws(() => watermark.tick(0, 0), /watermark of NaN is not allowed/)
  })

  it('is at the end of time when nothing comes any more', () => {
    const watermark = new SourceWatermark(Watermarks.monotonous())
    assert.equal(watermark.end(), true)
    assert.equal(watermark.eventTime, END_OF_TIME)
    assert.equal(watermark.end(), false)
  })
})
