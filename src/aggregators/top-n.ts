import type { Serde } from '../serdes/serde.js'
import { valueList } from '../serdes/value-list.js'
import type { Retracting, StreamAggregator, TableAggregator } from './aggregator.js'
import { type Comparison, comparisonOf, type Ordering, totally } from './ordering.js'

/** The greatest values, the greatest first. */
export class TopN<V>
  implements
    StreamAggregator<V, readonly V[]>,
    TableAggregator<V, readonly V[]>,
    Retracting<V, readonly V[], readonly V[]>
{
  readonly serde: Serde<readonly V[]>
  private readonly compare: Comparison<V>

  constructor(
    private readonly n: number,
    ordering: Ordering<V>,
    value: Serde<V>,
  ) {
    this.serde = valueList(value)
    this.compare = totally(comparisonOf(ordering), value)
  }

  initializer(): readonly V[] {
    return []
  }

  aggregator(_key: unknown, value: V, top: readonly V[] = []): readonly V[] {
    const at = this.placeOf(top, value)
    if (at >= this.n) return top
    const next = top.toSpliced(at, 0, value)
    if (next.length > this.n) next.length = this.n
    return next
  }

  merger(_key: unknown, left: readonly V[] | undefined, right: readonly V[]): readonly V[] {
    if (left === undefined || left.length === 0) return right
    const { compare, n } = this
    const merged: V[] = []
    for (let [l, r] = [0, 0]; merged.length < n && (l < left.length || r < right.length); ) {
      const takesLeft = r === right.length || (l < left.length && compare(left[l]!, right[r]!) >= 0)
      merged.push(takesLeft ? left[l++]! : right[r++]!)
    }
    return merged
  }

  /** A row that goes makes room for another one: all are kept. */
  get retracting(): Retracting<V, unknown, readonly V[]> {
    return this as Retracting<V, unknown, readonly V[]>
  }

  get keptSerde(): Serde<readonly V[]> {
    return this.serde
  }

  adder(_key: unknown, value: V, kept: readonly V[] = []): readonly V[] {
    return kept.toSpliced(this.placeOf(kept, value), 0, value)
  }

  subtractor(_key: unknown, value: V, kept: readonly V[]): readonly V[] | null {
    // It is the last of those that are equal.
    const at = this.placeOf(kept, value) - 1
    if (at < 0 || this.compare(kept[at]!, value) !== 0) return kept
    return kept.length === 1 ? null : kept.toSpliced(at, 1)
  }

  result(kept: readonly V[]): readonly V[] {
    return kept.slice(0, this.n)
  }

  /** Behind the values that are greater or equal. */
  private placeOf(sorted: readonly V[], value: V): number {
    let [from, to] = [0, sorted.length]
    while (from < to) {
      const middle = (from + to) >> 1
      if (this.compare(sorted[middle]!, value) >= 0) from = middle + 1
      else to = middle
    }
    return from
  }
}
