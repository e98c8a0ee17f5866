import type { EvictorContext } from './evictor.js'
import type { Pane } from './pane.js'
import type { ProcessorContext } from './processor.js'
import type { SessionAggregation } from './session-aggregation.js'

/** What comes of a window that fires. */
export interface Fired<A, R> {
  /** What is handed on; undefined: nothing. */
  readonly result: R | undefined
  /** What the window goes on with; undefined: nothing. */
  readonly left: A | undefined
}

/**
 * What windows with a trigger keep of their records, and what they hand on of it. It is asked for one key at a time, and
 * changes a store of its own only when all has gone well with the record or timer in hand.
 *
 * @template A what the row of the windows has of one of them
 * @template R results
 */
export interface PaneContents<K, V, A, R> {
  /** Turns to a key and the windows that it has; what was not kept of another one is forgotten. */
  begin(key: K, panes: readonly Pane<A, unknown>[]): void
  /** What is kept, with a record in it. */
  add(value: V, timestamp: number, before: A | undefined): A | undefined
  /** What is kept of sessions that become one, in order of their ends; there is at least one. */
  merge(values: readonly A[]): A | undefined
  fire(value: A, context: EvictorContext): Fired<A, R>
  /** A window drops what it has. */
  drop(value: A): void
  /** Keeps what has been done since it began. */
  keep(): void
}

/** How an operator comes by what its windows keep. */
export type PaneContentsSupplier<K, V, A, R> = (
  context: ProcessorContext<unknown, unknown>,
) => PaneContents<K, V, A, R>

class PaneAggregates<K, V, A> implements PaneContents<K, V, A, A> {
  private key!: K

  constructor(private readonly aggregation: SessionAggregation<K, V, A>) {}

  begin(key: K): void {
    this.key = key
  }

  add(value: V, _timestamp: number, before: A | undefined): A | undefined {
    return this.aggregation.add(this.key, value, before)
  }

  merge(values: readonly A[]): A | undefined {
    const { aggregation, key } = this
    return values.reduce<A | undefined>(
      (aggregate, value) => aggregation.merge(key, aggregate, value),
      aggregation.initial?.(),
    )
  }

  fire(value: A): Fired<A, A> {
    return { result: value, left: value }
  }

  drop(): void {}

  keep(): void {}
}

/** Windows keep an aggregate, in their row. Of windows that do not merge, `merge` is not called. */
export const paneAggregates =
  <K, V, A>(aggregation: SessionAggregation<K, V, A>): PaneContentsSupplier<K, V, A, A> =>
  () =>
    new PaneAggregates(aggregation)
