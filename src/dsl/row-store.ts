import type { AnyStoreDefinition } from '../state/store-definition.js'
import { parseDuration } from '../time/duration.js'
import type { Erased } from '../topology/logical-graph.js'
import type { GraphBuilder } from './graph-builder.js'
import type { CommonStoreDefinition } from './grouping.js'
import type { RowStoreOptions } from './operator-options.js'

/** The store of a table's rows: of the present ones, or of their versions. */
export function rowStore(
  builder: GraphBuilder,
  operator: string,
  common: CommonStoreDefinition,
  { historyRetention, caching }: RowStoreOptions<Erased>,
): AnyStoreDefinition {
  if (historyRetention === undefined) return { kind: 'keyValue', ...common }
  if (caching === true) {
    const problem = 'its store is versioned, and no version is left out by the record cache'
    builder.refuse(operator, problem, 'leave caching out, or historyRetention')
  }
  return {
    kind: 'versioned',
    ...common,
    caching: false,
    historyRetention: parseDuration(`${operator}: historyRetention`, historyRetention),
  }
}
