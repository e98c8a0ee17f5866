import { type Aggregation, aggregating, counting, reducing } from '../../operators/aggregation.js'
import type { EmitStrategy } from '../../operators/final-emission.js'
import { slidingAggregate } from '../../operators/sliding-aggregate.js'
import { windowAggregate } from '../../operators/window-aggregate.js'
import { int64 } from '../serdes/int64.js'
import type { Serde } from '../serdes/serde.js'
import { windowed } from '../serdes/windowed.js'
import type { AnyStoreDefinition } from '../state/store-definition.js'
import type { Erased } from '../topology/logical-graph.js'
import { SlidingWindows } from '../windows/sliding-windows.js'
import type { TimeWindows } from '../windows/time-windows.js'
import { UnlimitedWindows } from '../windows/unlimited-windows.js'
import type { Windowed } from '../windows/window.js'
import { burnCountName, type CommonStoreDefinition, type Grouping } from './grouping.js'
import type { KnownSerde } from './known-serdes.js'
import type { KTable } from './ktable.js'
import type { WindowStoreOptions } from './operator-options.js'
import { TableOf } from './table-of.js'
import type { TimeWindowedKStream } from './time-windowed-kstream.js'
import { UnknownSerde } from './unknown-serde.js'
import { emittedOnce, windowRetention } from './window-retention.js'

type GivenOptions = WindowStoreOptions<Erased> & { readonly value?: Serde<Erased> | undefined }

/** A windowed stream as a view of the node that makes it. */
export class WindowedStreamOf<K, V, Known extends KnownSerde> implements TimeWindowedKStream<K, V, Known> {
  constructor(
    private readonly grouping: Grouping,
    private readonly windows: TimeWindows | SlidingWindows,
    private readonly strategy: EmitStrategy = 'onWindowUpdate',
  ) {}

  emitStrategy(strategy: EmitStrategy): TimeWindowedKStream<K, V, Known> {
    return new WindowedStreamOf(this.grouping, this.windows, strategy)
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

  aggregate(
    initializer: () => Erased,
    aggregator: (key: Erased, value: Erased, aggregate: Erased) => Erased,
    options: GivenOptions = {},
  ): KTable<Windowed<K>, Erased> {
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
    const { windows } = this
    const { builder } = this.grouping.state
    const { node, store } = this.grouping.aggregate({
      prefix,
      call,
      options,
      value,
      storeOf: (common, operator) => this.storeOf(common, options, operator),
      supplierOf: (name) =>
        windows instanceof SlidingWindows
          ? slidingAggregate(windows, aggregation, name)
          : windowAggregate(windows, aggregation, name),
    })
    return new TableOf({
      builder,
      node,
      key: windowed(store.key, { size: windows.size }),
      value: store.value,
      closesAfter: windows.graceMs,
    })
  }

  private storeOf(
    common: CommonStoreDefinition,
    options: GivenOptions,
    operator: string,
  ): AnyStoreDefinition {
    const { builder } = this.grouping.state
    const { windows, strategy } = this
    if (strategy === 'onWindowClose' && windows instanceof UnlimitedWindows) {
      const problem = 'it emits when its window closes, and an unlimited window never does'
      builder.refuse(operator, problem, "leave emitStrategy('onWindowClose') out, or use other windows")
    }
    const sliding = windows instanceof SlidingWindows
    const made = sliding ? 'twice the time difference + grace' : 'size + grace'
    const retention = windowRetention(builder, operator, options, windows.retention, made)
    const definition = {
      ...common,
      ...emittedOnce(strategy),
      windowSize: windows.size,
      // As in Kafka Streams, whose stores of this kind keep a window that is just as old as the retention.
      retention: strategy === 'onWindowClose' ? retention + 1 : retention,
    }
    if (!sliding) return { kind: 'window', ...definition }
    return { kind: 'rangedWindow', ...definition, segment: Math.max(1, windows.retention) }
  }
}
