import type { Processor } from '../../operators/processor.js'
import type { WatermarkClock } from '../time/event-clock.js'
import type { TimeGate } from '../time/time-gate.js'
import type { SubTopology, TopologyNode } from '../topology/sub-topology.js'
import type { TimeStage } from './event-time-flow.js'

type AnyProcessor = Processor<unknown, unknown, unknown, unknown>
/** By source, or gate on the way: how far behind it time is, milliseconds. */
type Behind = Map<number | TimeGate, number>

/**
 * The way of event time through a sub-topology, in the order in which it goes: each operator that keeps state, and each
 * sink, with what holds its time back. Operators that share a clock are one stage, at the place of the last of them.
 *
 * @param processors those that have begun, by node
 * @param clockOf the clock of a node; undefined: none needs to know its time
 */
export function timeStages(
  { nodes }: SubTopology,
  processors: ReadonlyMap<string, AnyProcessor>,
  clockOf: (node: TopologyNode) => WatermarkClock | undefined,
): readonly TimeStage[] {
  const behindOut = new Map<string, Behind>()
  const stages = new Map<WatermarkClock, Behind>()
  let sources = 0
  for (const node of nodes) {
    const behind: Behind = node.kind === 'source' ? new Map([[sources++, 0]]) : arriving(node, behindOut)
    const { holdsBack = 0, timeGate } = processors.get(node.name) ?? {}
    const out: Behind = new Map([...behind].map(([from, by]) => [from, by + holdsBack]))
    if (timeGate !== undefined) out.set(timeGate, 0)
    behindOut.set(node.name, out)
    const clock = clockOf(node)
    if (clock === undefined) continue
    const shared = stages.get(clock)
    stages.delete(clock)
    stages.set(clock, shared === undefined ? behind : furthest([shared, behind]))
  }
  return [...stages].map(([clock, behind]) => ({ clock, behind }))
}

function arriving(
  node: Exclude<TopologyNode, { kind: 'source' }>,
  behindOut: ReadonlyMap<string, Behind>,
): Behind {
  const awaits = node.kind === 'processor' ? (node.awaits ?? []) : []
  return furthest([...node.predecessors, ...awaits].map((name) => behindOut.get(name) ?? new Map()))
}

/** By source and gate, what is furthest behind. */
function furthest(all: readonly Behind[]): Behind {
  const merged: Behind = new Map()
  for (const [source, by] of all.flatMap((behind) => [...behind])) {
    merged.set(source, Math.max(by, merged.get(source) ?? 0))
  }
  return merged
}
