import type { SchemaLoads } from '../serdes/schema-loads.js'
import type { SerdeUses } from './serde-uses.js'

/** What there was to fetch of each schema registry that the serdes of a topology have. */
export class SchemaFigures {
  private readonly sources: ReadonlySet<() => SchemaLoads>

  constructor(uses: SerdeUses) {
    this.sources = new Set([...uses.keys()].flatMap(({ loads }) => loads ?? []))
  }

  /** By registry: a topology may reach one in several ways. */
  get all(): SchemaLoads[] {
    const byName = new Map<string, SchemaLoads>()
    for (const source of this.sources) {
      const loads = source()
      const others = byName.get(loads.registry)
      byName.set(loads.registry, others === undefined ? loads : sum(others, loads))
    }
    return [...byName.values()]
  }
}

const sum = (one: SchemaLoads, other: SchemaLoads): SchemaLoads => ({
  registry: one.registry,
  misses: one.misses + other.misses,
  fetched: one.fetched + other.fetched,
  notFound: one.notFound + other.notFound,
  failures: one.failures + other.failures,
  outageMs:
    one.outageMs === undefined && other.outageMs === undefined
      ? undefined
      : Math.max(one.outageMs ?? 0, other.outageMs ?? 0),
  pending: one.pending + other.pending,
})
