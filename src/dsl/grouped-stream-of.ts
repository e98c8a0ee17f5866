import { aggregate } from '../../operators/aggregate.js'
import { type Aggregation, aggregating, counting, reducing } from '../../operators/aggregation.js'
import { versionedAggregate } from '../../operators/versioned-aggregate.js'
import { int64 } from '../serdes/int64.js'
import type { Serde } from '../serdes/serde.js'
import type { Erased } from '../topology/logical-graph.js'
import { CountWindows } from '../windows/count-windows.js'
import { GlobalWindows } from '../windows/global-windows.js'
import { SessionWindows } from '../windows/session-windows.js'
import type { SlidingWindows } from '../windows/sliding-windows.js'
import type { TimeWindows } from '../windows/time-windows.js'
import { streamArguments } from './aggregator-arguments.js'
import type { CogroupedKStream } from './cogrouped-kstream.js'
import { CogroupedStreamOf } from './cogrouped-stream-of.js'
import type { ErasedAggregator } from './cogrouping.js'
import type { CountWindowedKStream } from './count-windowed-kstream.js'
import { CountWindowedStreamOf } from './count-windowed-stream-of.js'
import { burnCountName, type Grouping } from './grouping.js'
import type { KGroupedStream } from './kgrouped-stream.js'
import type { KnownSerde } from './known-serdes.js'
import type { KTable } from './ktable.js'
import type { LateOption, RowStoreOptions } from './operator-options.js'
import { rowStore } from './row-store.js'
import type { SessionWindowedKStream } from './session-windowed-kstream.js'
import { SessionWindowedStreamOf } from './session-windowed-stream-of.js'
import { TableOf } from './table-of.js'
import { AggregateSupply } from './table-supply.js'
import type { TimeWindowedKStream } from './time-windowed-kstream.js'
import type { TriggeredKStream } from './triggered-kstream.js'
import { TriggeredStreamOf } from './triggered-stream-of.js'
import { Triggers } from './triggers.js'
import { UnknownSerde } from './unknown-serde.js'
import { WindowedStreamOf } from './windowed-stream-of.js'

type GivenOptions = RowStoreOptions<Erased> & { readonly value?: Serde<Erased> | undefined }

/** A grouped stream as a view of the node that makes it. */
export class GroupedStreamOf<K, V, Known extends KnownSerde> implements KGroupedStream<K, V, Known> {
  constructor(private readonly grouping: Grouping) {}

  cogroup<A>(
    aggregator: ErasedAggregator,
    { late }: LateOption<Erased, Erased, Erased> = {},
  ): CogroupedKStream<K, A> {
    const groupingOf = (stream: Erased): Grouping => (stream as GroupedStreamOf<K, Erased, Known>).grouping
    return new CogroupedStreamOf<K, A>([{ grouping: this.grouping, aggregator, late }], groupingOf)
  }

  count(options: GivenOptions = {}): KTable<K, number> {
    burnCountName(this.grouping, options)
    return this.table('KSTREAM-AGGREGATE-', 'count(', options, int64(), counting)
  }

  reduce(
    reducer: (aggregate: Erased, value: Erased) => Erased,
    options: GivenOptions = {},
  ): KTable<K, Erased> {
    const { value } = this.grouping.state
    return this.table('KSTREAM-REDUCE-', 'reduce(reducer, ', options, value, reducing(reducer))
  }

  aggregate(...given: Erased[]): KTable<K, Erased> {
    const [initializer, aggregator, options = {}] = streamArguments(given)
    const value = new UnknownSerde('aggregates are of a type of their own')
    const call = 'aggregate(initializer, aggregator, '
    return this.table('KSTREAM-AGGREGATE-', call, options, value, aggregating(initializer, aggregator))
  }

  windowedBy(windows: CountWindows): CountWindowedKStream<K, V, Known>
  windowedBy(windows: GlobalWindows): TriggeredKStream<K, V, Known>
  windowedBy(windows: SessionWindows): SessionWindowedKStream<K, V, Known>
  windowedBy(windows: TimeWindows | SlidingWindows): TimeWindowedKStream<K, V, Known>
  windowedBy(
    windows: CountWindows | GlobalWindows | SessionWindows | TimeWindows | SlidingWindows,
  ):
    | CountWindowedKStream<K, V, Known>
    | TriggeredKStream<K, V, Known>
    | SessionWindowedKStream<K, V, Known>
    | TimeWindowedKStream<K, V, Known> {
    if (windows instanceof CountWindows) return new CountWindowedStreamOf(this.grouping, windows)
    if (windows instanceof GlobalWindows)
      return new TriggeredStreamOf(this.grouping, windows, Triggers.never())
    if (windows instanceof SessionWindows) return new SessionWindowedStreamOf(this.grouping, windows)
    return new WindowedStreamOf(this.grouping, windows)
  }

  private table<A>(
    prefix: string,
    call: string,
    options: GivenOptions,
    value: Serde<Erased>,
    aggregation: Aggregation<Erased, Erased, A>,
  ): KTable<K, A> {
    const { builder } = this.grouping.state
    const operation = options.historyRetention === undefined ? aggregate : versionedAggregate
    const { node, store } = this.grouping.aggregate({
      prefix,
      call,
      options,
      value,
      storeOf: (common, operator) => rowStore(builder, operator, common, options),
      supplierOf: (name) => operation(aggregation, name),
    })
    return new TableOf({
      builder,
      node,
      key: store.key,
      value: store.value,
      supply: new AggregateSupply(store),
    })
  }
}
