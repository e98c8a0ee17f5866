import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { passThrough } from '../../operators/pass-through.js'
import { eventTimeEnded, OperatorTimes } from '../../src/runtime/operator-times.js'
import { END_OF_TIME } from '../../src/time/input-watermark.js'
import type { ProcessorNode, SubTopology } from '../../src/topology/sub-topology.js'

const node = (name: string, ...stores: string[]): ProcessorNode => ({
  kind: 'processor',
  name,
  supplier: passThrough(),
  stores,
  predecessors: [],
  successors: [],
})

const stores = (...names: string[]) => names.map((name) => ({ name }))

/** A store whose rows expire. */
const timed = (name: string, observedTime: number) => ({
  name,
  observedTime,
  observeTime(time: number) {
    this.observedTime = Math.max(this.observedTime, time)
  },
})

describe('times of operators', () => {
  it('are those that were committed, operator by operator', () => {
    const before = new OperatorTimes(stores('b', 'a'), [])
    const [first, second, third] = ['a', 'b', 'b'].map((store, at) => before.of(node(`count${at}`, store)))
    first!.clock.observe(1_700_000_000_000)
    first!.progress.nextLook = 1_800_000_000_000
    third!.clock.observe(50)
    third!.progress.closeTime = 40
    third!.progress.greatest = 45
    assert.equal(second!.clock.now, -1)

    const after = new OperatorTimes(stores('a', 'b'), [before.encode()])
    assert.deepEqual(
      ['a', 'b', 'b'].map((store, at) => {
        const { clock, progress } = after.of(node(`count${at}`, store))
        return [clock.now, progress.closeTime, progress.greatest, progress.nextLook]
      }),
      [
        [1_700_000_000_000, -1, -1, 1_800_000_000_000],
        [-1, -1, -1, -1],
        [50, 40, 45, -1],
      ],
    )
  })

  it('are the latest that any partition was committed with', () => {
    const times = new OperatorTimes(stores('a'), ['0.5.4', '', '0.9.4.7', '0.9.4'])
    const { clock, progress } = times.of(node('count', 'a'))
    assert.deepEqual([clock.now, progress.closeTime, progress.greatest], [9, 4, 7])
  })

  it('say how many rows were handed on of those that closed', () => {
    const before = new OperatorTimes(stores('a'), [])
    const { clock, progress } = before.of(node('count', 'a'))
    clock.observe(100)
    progress.closeTime = 70
    progress.handingOn = { closeTime: 80, count: 1000 }
    const text = before.encode()
    assert.equal(text, '0.2s.1y...28.rs')
    // Another partition was committed before, or after.
    const same = new OperatorTimes(stores('a'), ['0.2s.1y...27.zz', text]).of(node('count', 'a'))
    assert.deepEqual(same.progress, progress)
    const done = new OperatorTimes(stores('a'), [text, '0.2s.28']).of(node('count', 'a'))
    assert.deepEqual([done.progress.closeTime, done.progress.handingOn], [80, undefined])
  })

  it('are one of operators that share a store for it, whatever other stores they have', () => {
    const sides = [
      { ...node('left', 'b', 'c'), timeStore: 'c' },
      { ...node('right', 'a', 'c'), timeStore: 'c' },
    ]
    const before = new OperatorTimes(stores('a', 'b', 'c'), [])
    const [left, right] = sides.map((side) => before.of(side))
    left!.clock.observe(100)
    right!.progress.waitingSince = 36
    right!.progress.waitingChanges = 2
    const text = before.encode()
    assert.equal(text, '2.2s......2.10')
    // Of two states at one time the one that has changed more often is the later one.
    const after = new OperatorTimes(stores('a', 'b', 'c'), ['2.2s......1.z', text])
    for (const side of sides) {
      const { clock, progress } = after.of(side)
      assert.deepEqual([clock.now, progress.waitingSince, progress.waitingChanges], [100, 36, 2])
    }
  })

  it('begin anew in operators without state', () => {
    const times = new OperatorTimes([], [])
    times.of(node('map')).clock.observe(7)
    assert.equal(times.encode(), '')
  })

  it('are those of stores too, which do not go back', () => {
    const committed = new OperatorTimes([timed('a', -1), timed('b', 36), timed('c', 5)], []).encode()
    const after = [timed('a', -1), timed('b', -1), timed('c', 7)]
    new OperatorTimes(after, [committed])
    assert.deepEqual(
      after.map(({ observedTime }) => observedTime),
      [-1, 36, 7],
    )
  })

  it('say that event time has ended when all has happened that its end brings', () => {
    const subTopology = { id: 2, nodes: [] as SubTopology['nodes'] } as SubTopology
    const source = { kind: 'source', topics: ['in'] } as unknown as SubTopology['nodes'][number]
    const reading = { ...subTopology, nodes: [source] }
    const times = new OperatorTimes([], [])
    const at = (eventTime: number): ReadonlyMap<number, readonly number[]> => new Map([[2, [eventTime]]])
    assert.equal(eventTimeEnded(times.encode(at(END_OF_TIME - 1)), reading), false)
    assert.equal(eventTimeEnded(times.encode(at(END_OF_TIME), true), reading), false, 'rows are handed on')
    assert.equal(eventTimeEnded(times.encode(at(END_OF_TIME)), reading), true)
  })
})
