import { aggregate } from '../../operators/aggregate.js'
import { aggregating } from '../../operators/aggregation.js'
import type { Erased } from '../topology/logical-graph.js'
import { SessionWindows } from '../windows/session-windows.js'
import type { SlidingWindows } from '../windows/sliding-windows.js'
import type { TimeWindows } from '../windows/time-windows.js'
import type {
  CogroupedKStream,
  SessionWindowedCogroupedKStream,
  TimeWindowedCogroupedKStream,
} from './cogrouped-kstream.js'
import {
  type CogroupedOptions,
  type CogroupMembers,
  cogroupedTable,
  type ErasedAggregator,
} from './cogrouping.js'
import type { Grouping } from './grouping.js'
import type { KTable } from './ktable.js'
import type { LateOption } from './operator-options.js'
import { SessionWindowedCogroupedOf, TimeWindowedCogroupedOf } from './windowed-cogrouped-of.js'

/** Grouped streams to be aggregated together. */
export class CogroupedStreamOf<K, A> implements CogroupedKStream<K, A> {
  constructor(
    private readonly members: CogroupMembers,
    private readonly groupingOf: (stream: Erased) => Grouping,
  ) {}

  cogroup(
    stream: Erased,
    aggregator: ErasedAggregator,
    { late }: LateOption<Erased, Erased, Erased> = {},
  ): CogroupedKStream<K, A> {
    const member = { grouping: this.groupingOf(stream), aggregator, late }
    return new CogroupedStreamOf<K, A>([...this.members, member], this.groupingOf)
  }

  windowedBy(windows: SessionWindows): SessionWindowedCogroupedKStream<K, A>
  windowedBy(windows: TimeWindows | SlidingWindows): TimeWindowedCogroupedKStream<K, A>
  windowedBy(
    windows: SessionWindows | TimeWindows | SlidingWindows,
  ): SessionWindowedCogroupedKStream<K, A> | TimeWindowedCogroupedKStream<K, A> {
    if (windows instanceof SessionWindows) return new SessionWindowedCogroupedOf(this.members, windows)
    return new TimeWindowedCogroupedOf(this.members, windows)
  }

  aggregate(initializer: () => Erased, options: CogroupedOptions): KTable<K, A | null> {
    return cogroupedTable(this.members, {
      call: 'aggregate(initializer, ',
      options,
      emission: undefined,
      storeOf: (common) => ({ kind: 'keyValue', ...common }),
      supplierOf: (aggregator, store) => aggregate(aggregating(initializer, aggregator), store),
      tableOf: ({ key }) => ({ key }),
    })
  }
}
