import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import type { Processor } from '../../operators/processor.js'
import { timeStages } from '../../src/runtime/time-stages.js'
import { WatermarkClock } from '../../src/time/event-clock.js'
import type { SubTopology, TopologyNode } from '../../src/topology/sub-topology.js'

const source = (name: string): TopologyNode => ({ kind: 'source', name }) as unknown as TopologyNode
const node = (name: string, predecessors: readonly string[], awaits?: readonly string[]): TopologyNode =>
  ({ kind: 'processor', name, predecessors, awaits }) as unknown as TopologyNode

/** The way of time through nodes, as `operator: source behind by ms`. */
function wayOf(
  nodes: readonly TopologyNode[],
  clocks: Readonly<Record<string, WatermarkClock>>,
  holdsBack: Readonly<Record<string, number>> = {},
): string[] {
  const processors = new Map(
    Object.entries(holdsBack).map(([name, by]) => [
      name,
      { holdsBack: by } as unknown as Processor<unknown, unknown, unknown, unknown>,
    ]),
  )
  const nameOf = (clock: WatermarkClock): string =>
    Object.entries(clocks)
      .filter(([, each]) => each === clock)
      .map(([name]) => name)
      .join('=')
  return timeStages({ nodes } as unknown as SubTopology, processors, ({ name }) => clocks[name]).map(
    ({ clock, behind }) =>
      `${nameOf(clock)}: ${[...behind].map(([from, by]) => `${from} by ${by}`).join(', ')}`,
  )
}

const clocksOf = (...names: string[]): Record<string, WatermarkClock> =>
  Object.fromEntries(names.map((name) => [name, new WatermarkClock()]))

describe('the way of event time through a sub-topology', () => {
  it('leads to each node that has a clock, from the sources that reach it, numbered in their order', () => {
    const nodes = [
      source('s0'),
      source('s1'),
      node('map', ['s0']),
      node('one', ['map']),
      node('both', ['one', 's1']),
    ]
    assert.deepEqual(wayOf(nodes, clocksOf('one', 'both')), ['one: 0 by 0', 'both: 0 by 0, 1 by 0'])
  })

  it('is behind by what all operators before a node hold back, and not by what the node does itself', () => {
    const nodes = [source('s0'), node('window', ['s0']), node('map', ['window']), node('next', ['map'])]
    const way = wayOf(nodes, clocksOf('window', 'next'), { window: 10, map: 3, next: 7 })
    assert.deepEqual(way, ['window: 0 by 0', 'next: 0 by 13'])
  })

  it('is behind by the longest of several ways from one source', () => {
    const nodes = [source('s0'), node('slow', ['s0']), node('fast', ['s0']), node('merged', ['fast', 'slow'])]
    assert.deepEqual(wayOf(nodes, clocksOf('merged'), { slow: 9, fast: 4 }), ['merged: 0 by 9'])
  })

  it('leads what shares a clock as one stage, at the place of the last, by all that reaches any of them', () => {
    const nodes = [
      source('s0'),
      source('s1'),
      node('left', ['s0']),
      node('between', ['s1']),
      node('right', ['between']),
    ]
    const [shared, own] = [new WatermarkClock(), new WatermarkClock()]
    const way = wayOf(nodes, { left: shared, between: own, right: shared }, { between: 5 })
    assert.deepEqual(way, ['between: 1 by 0', 'left=right: 0 by 0, 1 by 5'])
  })

  it('has a node wait for what it awaits as for its predecessors', () => {
    const nodes = [source('s0'), source('s1'), node('other', ['s1']), node('side', ['s0'], ['other'])]
    assert.deepEqual(wayOf(nodes, clocksOf('side'), { other: 2 }), ['side: 0 by 0, 1 by 2'])
  })

  it('does not lead to nodes without clock', () => {
    assert.deepEqual(wayOf([source('s0'), node('map', ['s0'])], {}), [])
  })
})
