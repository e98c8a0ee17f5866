import type { Serde } from '../serdes/serde.js'
import type { StreamAggregator } from './aggregator.js'
import { type Countable, couponOf } from './coupons.js'
import type { DistinctCount } from './distinct-count.js'
import { distinctCountSerde } from './distinct-count-serde.js'
import { HyperLogLog } from './hyper-log-log.js'

/** Counts what is different in values. */
export class CountingDistinct<V> implements StreamAggregator<V, DistinctCount> {
  readonly serde: Serde<DistinctCount> = distinctCountSerde

  constructor(
    private readonly by: (value: V) => Countable | null | undefined,
    private readonly precision: number,
  ) {}

  initializer(): DistinctCount {
    return HyperLogLog.empty(this.precision)
  }

  aggregator(_key: unknown, value: V, count: DistinctCount = this.initializer()): DistinctCount {
    const item = this.by(value)
    return item === null || item === undefined ? count : (count as HyperLogLog).with(couponOf(item))
  }

  merger(_key: unknown, left: DistinctCount | undefined, right: DistinctCount): DistinctCount {
    return left === undefined ? right : left.merge(right)
  }
}
