import type { EmitStrategy } from '../../operators/final-emission.js'
import { parseDuration } from '../time/duration.js'
import type { Erased } from '../topology/logical-graph.js'
import type { GraphBuilder } from './graph-builder.js'
import type { WindowStoreOptions } from './operator-options.js'

/** How long a store keeps windows: what the user says, but not less than records may still change them. */
export function windowRetention(
  builder: GraphBuilder,
  operator: string,
  { retention }: WindowStoreOptions<Erased>,
  least: number,
  /** What the least is made of, for the error. */
  made: string,
): number {
  if (retention === undefined) return Math.max(1, least)
  const millis = parseDuration(`${operator}: retention`, retention)
  if (millis < least) {
    builder.refuse(
      operator,
      `its retention of ${millis} ms is less than ${made} of its windows, ${least} ms`,
      `give it a retention of at least ${least} ms, or windows with less grace`,
    )
  }
  return Math.max(1, millis)
}

/** What a store is declared with beside the rest: rows that are emitted once are not held back by the record cache. */
export const emittedOnce = (
  strategy: EmitStrategy,
): { readonly final?: boolean; readonly caching?: boolean } =>
  strategy === 'onWindowClose' ? { final: true, caching: false } : {}
