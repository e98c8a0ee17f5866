import { TopologyError } from './topology-error.js'

/** What `build()` may make of a topology so that it needs fewer topics and stores. */
export const OPTIMIZATIONS = ['reuse-source-topics', 'merge-repartitions', 'single-store-self-join'] as const

/**
 * One optimization of a topology:
 *
 * - `reuse-source-topics`: the store of `builder.table(topic)` has the topic itself as its changelog;
 * - `merge-repartitions`: what repartitions records after one change of their keys does it through one topic;
 * - `single-store-self-join`: the inner join of a stream with itself keeps its records once (KIP-862).
 */
export type Optimization = (typeof OPTIMIZATIONS)[number]

/** Options of `StreamsBuilder.build`. */
export interface BuildOptions {
  /**
   * What to optimize: `'none'`, `'all'`, or a list. Names of internal topics and stores depend on it, so that an
   * application that has run has to be reset when it is changed (Kafka Streams' `topology.optimization`, KIP-295).
   * Default: `'none'`.
   */
  readonly optimization?: 'none' | 'all' | readonly Optimization[] | undefined
}

/** @throws {TopologyError} if something else is asked for. */
export function optimizationsOf({ optimization = 'none' }: BuildOptions): ReadonlySet<Optimization> {
  if (optimization === 'none') return new Set()
  if (optimization === 'all') return new Set(OPTIMIZATIONS)
  const asked: readonly unknown[] = Array.isArray(optimization) ? optimization : [optimization]
  const known: readonly unknown[] = OPTIMIZATIONS
  const wrong = asked.find((each) => !known.includes(each))
  if (wrong === undefined && Array.isArray(optimization)) return new Set(optimization)
  const allowed = OPTIMIZATIONS.map((each) => `'${each}'`).join(', ')
  throw new TopologyError(
    'build()',
    wrong === undefined
      ? `optimization is ${JSON.stringify(optimization)}, which is not a list`
      : `there is no optimization ${JSON.stringify(wrong)}`,
    `give it 'none', 'all' or a list of ${allowed}`,
  )
}
