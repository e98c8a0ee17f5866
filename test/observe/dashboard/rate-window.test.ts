import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { RateWindow } from '../../../src/observe/dashboard/rate-window.js'

const look = (rates: RateWindow, second: number, records: number): void =>
  rates.look(second * 1000, new Map([['records', records]]))

describe('the rate of a count', () => {
  test('is not known before the second look', () => {
    const rates = new RateWindow()
    assert.equal(rates.perSecond('records'), undefined)
    look(rates, 0, 5)
    assert.equal(rates.perSecond('records'), undefined)
  })

  test('is its growth a second, over the last looks', () => {
    const rates = new RateWindow()
    for (const [second, records] of [0, 1000, 1010, 1020, 1030].entries()) look(rates, second, records)
    assert.equal(rates.perSecond('records'), 10)
  })

  test('goes by when was looked, not by how often', () => {
    const rates = new RateWindow()
    look(rates, 0, 0)
    look(rates, 4, 100)
    assert.equal(rates.perSecond('records'), 25)
  })

  test('leaves out where the count began anew', () => {
    const rates = new RateWindow()
    look(rates, 0, 100)
    look(rates, 1, 120)
    look(rates, 2, 5)
    look(rates, 3, 25)
    assert.equal(rates.perSecond('records'), 20)
  })

  test('is not known of what was not there before', () => {
    const rates = new RateWindow()
    look(rates, 0, 100)
    rates.look(1000, new Map([['others', 7]]))
    assert.equal(rates.perSecond('others'), undefined)
    assert.equal(rates.perSecond('records'), undefined)
  })
})
