import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { passThrough } from '../../operators/pass-through.js'
import { OperatorTimes } from '../../src/runtime/operator-times.js'
import type { ProcessorNode } from '../../src/topology/sub-topology.js'

const node = (name: string, ...stores: string[]): ProcessorNode => ({
  kind: 'processor',
  name,
  supplier: passThrough(),
  stores,
  predecessors: [],
  successors: [],
})

describe('times of operators', () => {
  it('are those that were committed, operator by operator', () => {
    const before = new OperatorTimes(['b', 'a'], [])
    const [first, second, third] = ['a', 'b', 'b'].map((store) => before.of(node('count', store)))
    first!.clock.observe(1_700_000_000_000)
    third!.clock.observe(50)
    third!.progress.closeTime = 40
    assert.equal(second!.clock.now, -1)

    const after = new OperatorTimes(['a', 'b'], [before.encode()])
    assert.deepEqual(
      ['a', 'b', 'b'].map((store) => {
        const { clock, progress } = after.of(node('count', store))
        return [clock.now, progress.closeTime]
      }),
      [
        [1_700_000_000_000, -1],
        [-1, -1],
        [50, 40],
      ],
    )
  })

  it('are the latest that any partition was committed with', () => {
    const times = new OperatorTimes(['a'], ['0.5.4', '', '0.9'])
    const { clock, progress } = times.of(node('count', 'a'))
    assert.deepEqual([clock.now, progress.closeTime], [9, 4])
  })

  it('begin anew in operators without state', () => {
    const times = new OperatorTimes([], [])
    times.of(node('map')).clock.observe(7)
    assert.equal(times.encode(), '')
  })
})
