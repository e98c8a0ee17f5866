import assert from 'node:assert/strict'
import { beforeEach, describe, it } from 'node:test'
import { AnnouncedTimes } from '../../src/runtime/announced-times.js'

const DRIFT = 10

const at = (partition: number, eventTime: number, behind = true) => ({
  topic: 'input',
  partition,
  eventTime,
  behind,
})

describe('what is announced of partitions that others read', () => {
  let times = new AnnouncedTimes()
  beforeEach(() => {
    times = new AnnouncedTimes()
  })

  it('lets nothing go on that has begun, before anything was heard', () => {
    assert.equal(times.limit(DRIFT), -1)
  })

  it('lets everything go on where there is nobody to wait for', () => {
    times.hear([])
    assert.equal(times.limit(DRIFT), Number.POSITIVE_INFINITY)
  })

  it('sets the limit by the slowest', () => {
    times.hear([at(0, 50), at(1, 40), at(2, 60)])
    assert.equal(times.limit(DRIFT), 50)
    assert.equal(times.slowest?.partition, 1)
  })

  it('waits neither for those that have nothing to read nor for those of which nothing is known', () => {
    times.hear([at(0, 50), at(1, 40, false), at(2, -1)])
    assert.equal(times.limit(DRIFT), 60)
  })

  it('allows for what has happened since: four times what the slowest came on last', () => {
    times.hear([at(0, 1000)])
    times.hear([at(0, 1100)])
    assert.equal(times.limit(DRIFT), 1500)
    assert.equal(times.limit(1000), 2100, 'the drift where that is more')
  })

  it('allows half as much with each announcement of one that slows down', () => {
    times.hear([at(0, 1000)])
    times.hear([at(0, 1100)])
    times.hear([at(0, 1101)])
    assert.equal(times.limit(DRIFT), 1301)
    times.hear([at(0, 1101)])
    assert.equal(times.limit(DRIFT), 1301, 'nothing is announced where nothing has changed')
    times.hear([at(0, 1102)])
    assert.equal(times.limit(DRIFT), 1202)
  })

  it('allows by the pace of each, not of those that have nothing to read', () => {
    times.hear([at(0, 100), at(1, 0), at(2, 0, false)])
    times.hear([at(0, 130), at(1, 100), at(2, 90, false)])
    assert.equal(times.limit(DRIFT), 250, 'the first one can be passed by 120, the second by 400')
  })

  it('takes a partition that went back for one that stands still', () => {
    times.hear([at(0, 100)])
    times.hear([at(0, 50)])
    assert.equal(times.limit(DRIFT), 60)
  })

  it('begins anew with a partition that was read here meanwhile', () => {
    times.hear([at(0, 100)])
    times.hear([])
    times.hear([at(0, 500)])
    assert.equal(times.limit(DRIFT), 510)
  })

  it('can be forgotten', () => {
    times.hear([at(0, 50)])
    times.forget()
    assert.equal(times.limit(DRIFT), Number.POSITIVE_INFINITY)
    assert.equal(times.slowest, undefined)
  })
})
