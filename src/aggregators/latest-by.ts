import type { Serde } from '../serdes/serde.js'
import type { StreamAggregator } from './aggregator.js'
import { type Comparison, comparisonOf, type Ordering } from './ordering.js'

/** The greatest value; of several, the one that came last. */
export class LatestBy<V> implements StreamAggregator<V, V> {
  private readonly compare: Comparison<V>

  constructor(
    ordering: Ordering<V>,
    readonly serde: Serde<V>,
  ) {
    this.compare = comparisonOf(ordering)
  }

  initializer(): undefined {
    return undefined
  }

  aggregator(_key: unknown, value: V, latest: V | undefined): V {
    return latest === undefined || this.compare(value, latest) >= 0 ? value : latest
  }

  merger(key: unknown, left: V | undefined, right: V): V {
    return this.aggregator(key, right, left)
  }
}
