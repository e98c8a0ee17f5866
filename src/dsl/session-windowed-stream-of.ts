import type { EmitStrategy } from '../../operators/final-emission.js'
import { sessionAggregate } from '../../operators/session-aggregate.js'
import {
  type SessionAggregation,
  sessionAggregating,
  sessionCounting,
  sessionReducing,
} from '../../operators/session-aggregation.js'
import type { Trigger } from '../../operators/trigger.js'
import { int64 } from '../serdes/int64.js'
import type { Serde } from '../serdes/serde.js'
import { sessionWindowed } from '../serdes/session-windowed.js'
import type { Erased } from '../topology/logical-graph.js'
import type { SessionWindows } from '../windows/session-windows.js'
import type { Windowed } from '../windows/window.js'
import { sessionArguments } from './aggregator-arguments.js'
import { allowedLateness } from './allowed-lateness.js'
import { burnCountName, type Grouping } from './grouping.js'
import type { KnownSerde } from './known-serdes.js'
import type { KTable } from './ktable.js'
import type { EmitOnCloseOptions, LateOption, WindowStoreOptions } from './operator-options.js'
import { rowWindows } from './row-windows.js'
import type { SessionWindowedKStream } from './session-windowed-kstream.js'
import { TableOf } from './table-of.js'
import { AggregateSupply } from './table-supply.js'
import type { TriggeredSessionKStream } from './triggered-kstream.js'
import { TriggeredStreamOf } from './triggered-stream-of.js'
import { UnknownSerde } from './unknown-serde.js'
import { sessionStore } from './window-stores.js'

type GivenOptions = WindowStoreOptions<Erased> &
  LateOption<Erased, Erased, Erased> & { readonly value?: Serde<Erased> | undefined }

/** A stream by sessions as a view of the node that makes it. */
export class SessionWindowedStreamOf<K, V, Known extends KnownSerde>
  implements SessionWindowedKStream<K, V, Known>
{
  constructor(
    private readonly grouping: Grouping,
    private readonly windows: SessionWindows,
    private readonly strategy: EmitStrategy = 'onWindowUpdate',
    /** How long a window takes records after its result was handed on, milliseconds. */
    private readonly allowedLateness = 0,
  ) {}

  emitStrategy(
    strategy: EmitStrategy,
    options: EmitOnCloseOptions = {},
  ): SessionWindowedKStream<K, V, Known> {
    const lateness = allowedLateness(this.grouping.state.builder, strategy, options)
    return new SessionWindowedStreamOf(this.grouping, this.windows, strategy, lateness)
  }

  trigger<S>(trigger: Trigger<V, S>): TriggeredSessionKStream<K, V, Known> {
    return new TriggeredStreamOf(this.grouping, this.windows, trigger)
  }

  count(options: GivenOptions = {}): KTable<Windowed<K>, number> {
    burnCountName(this.grouping, options)
    return this.table('KSTREAM-AGGREGATE-', 'count(', options, int64(), sessionCounting)
  }

  reduce(
    reducer: (aggregate: Erased, value: Erased) => Erased,
    options: GivenOptions = {},
  ): KTable<Windowed<K>, Erased> {
    const { value } = this.grouping.state
    return this.table('KSTREAM-REDUCE-', 'reduce(reducer, ', options, value, sessionReducing(reducer))
  }

  aggregate(...given: Erased[]): KTable<Windowed<K>, Erased> {
    const [initializer, aggregator, merger, options = {}] = sessionArguments(given)
    const value = new UnknownSerde('aggregates are of a type of their own')
    const call = 'aggregate(initializer, aggregator, merger, '
    const aggregation = sessionAggregating(initializer, aggregator, merger)
    return this.table('KSTREAM-AGGREGATE-', call, options, value, aggregation)
  }

  private table<A>(
    prefix: string,
    call: string,
    options: GivenOptions,
    value: Serde<Erased>,
    aggregation: SessionAggregation<Erased, Erased, A>,
  ): KTable<Windowed<K>, A> {
    const { windows, strategy, allowedLateness: allowed } = this
    const { builder } = this.grouping.state
    const { node, store } = this.grouping.aggregate({
      prefix,
      call,
      options,
      value,
      storeOf: (common, operator) =>
        sessionStore(builder, { windows, common, options, operator, strategy, allowed }),
      supplierOf: (name, lateOutput) => sessionAggregate(windows, aggregation, name, { allowed, lateOutput }),
    })
    return new TableOf({
      builder,
      node,
      key: sessionWindowed(store.key),
      value: store.value,
      supply: new AggregateSupply(store),
      windows: rowWindows(windows, allowed),
    })
  }
}
