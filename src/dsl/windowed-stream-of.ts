import { type Aggregation, aggregating, counting, reducing } from '../../operators/aggregation.js'
import type { EmitStrategy } from '../../operators/final-emission.js'
import type { Trigger } from '../../operators/trigger.js'
import { int64 } from '../serdes/int64.js'
import type { Serde } from '../serdes/serde.js'
import { windowed } from '../serdes/windowed.js'
import type { Erased } from '../topology/logical-graph.js'
import { HoppingWindows } from '../windows/hopping-windows.js'
import { SlidingWindows } from '../windows/sliding-windows.js'
import type { TimeWindows } from '../windows/time-windows.js'
import type { Windowed } from '../windows/window.js'
import { streamArguments } from './aggregator-arguments.js'
import { allowedLateness } from './allowed-lateness.js'
import { burnCountName, type Grouping } from './grouping.js'
import type { KnownSerde } from './known-serdes.js'
import type { KTable } from './ktable.js'
import type { EmitOnCloseOptions, LateOption, WindowStoreOptions } from './operator-options.js'
import { rowWindows } from './row-windows.js'
import { TableOf } from './table-of.js'
import { AggregateSupply } from './table-supply.js'
import type { TimeWindowedKStream } from './time-windowed-kstream.js'
import type { TriggeredKStream } from './triggered-kstream.js'
import { TriggeredStreamOf } from './triggered-stream-of.js'
import { UnknownSerde } from './unknown-serde.js'
import { windowAggregation, windowStore } from './window-stores.js'

type GivenOptions = WindowStoreOptions<Erased> &
  LateOption<Erased, Erased, Erased> & { readonly value?: Serde<Erased> | undefined }

/** A windowed stream as a view of the node that makes it. */
export class WindowedStreamOf<K, V, Known extends KnownSerde> implements TimeWindowedKStream<K, V, Known> {
  constructor(
    private readonly grouping: Grouping,
    private readonly windows: TimeWindows | SlidingWindows,
    private readonly strategy: EmitStrategy = 'onWindowUpdate',
    /** How long a window takes records after its result was handed on, milliseconds. */
    private readonly allowedLateness = 0,
  ) {}

  emitStrategy(strategy: EmitStrategy, options: EmitOnCloseOptions = {}): TimeWindowedKStream<K, V, Known> {
    const lateness = allowedLateness(this.grouping.state.builder, strategy, options)
    return new WindowedStreamOf(this.grouping, this.windows, strategy, lateness)
  }

  trigger<S>(trigger: Trigger<V, S>): TriggeredKStream<K, V, Known> {
    const { grouping, windows } = this
    if (!(windows instanceof SlidingWindows)) return new TriggeredStreamOf(grouping, windows, trigger)
    const problem =
      'a sliding window is made when records are in it already, which its trigger would not have seen'
    grouping.state.builder.refuse('trigger()', problem, 'use HoppingWindows with a small step')
    return new TriggeredStreamOf(grouping, HoppingWindows.of(windows.size), trigger)
  }

  count(options: GivenOptions = {}): KTable<Windowed<K>, number> {
    burnCountName(this.grouping, options)
    return this.table('KSTREAM-AGGREGATE-', 'count(', options, int64(), counting)
  }

  reduce(
    reducer: (aggregate: Erased, value: Erased) => Erased,
    options: GivenOptions = {},
  ): KTable<Windowed<K>, Erased> {
    const { value } = this.grouping.state
    return this.table('KSTREAM-REDUCE-', 'reduce(reducer, ', options, value, reducing(reducer))
  }

  aggregate(...given: Erased[]): KTable<Windowed<K>, Erased> {
    const [initializer, aggregator, options = {}] = streamArguments(given)
    const value = new UnknownSerde('aggregates are of a type of their own')
    const call = 'aggregate(initializer, aggregator, '
    return this.table('KSTREAM-AGGREGATE-', call, options, value, aggregating(initializer, aggregator))
  }

  private table<A>(
    prefix: string,
    call: string,
    options: GivenOptions,
    value: Serde<Erased>,
    aggregation: Aggregation<Erased, Erased, A>,
  ): KTable<Windowed<K>, A> {
    const { windows, strategy, allowedLateness: allowed } = this
    const { builder } = this.grouping.state
    const { node, store } = this.grouping.aggregate({
      prefix,
      call,
      options,
      value,
      storeOf: (common, operator) =>
        windowStore(builder, { windows, common, options, operator, strategy, allowed }),
      supplierOf: (name, lateOutput) =>
        windowAggregation(windows, aggregation, name, { allowed, lateOutput }),
    })
    return new TableOf({
      builder,
      node,
      key: windowed(store.key, { size: windows.size }),
      value: store.value,
      supply: new AggregateSupply(store),
      windows: rowWindows(windows, allowed),
    })
  }
}
