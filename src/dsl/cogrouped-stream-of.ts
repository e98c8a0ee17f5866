import { aggregate } from '../../operators/aggregate.js'
import { aggregating } from '../../operators/aggregation.js'
import { passThrough } from '../../operators/pass-through.js'
import type { ProcessorSupplier } from '../../operators/processor.js'
import { sessionAggregate } from '../../operators/session-aggregate.js'
import { sessionAggregating } from '../../operators/session-aggregation.js'
import type { Serde } from '../serdes/serde.js'
import { sessionWindowed } from '../serdes/session-windowed.js'
import { windowed } from '../serdes/windowed.js'
import type { AnyStoreDefinition } from '../state/store-definition.js'
import type { Erased, LogicalNode, Parents } from '../topology/logical-graph.js'
import { SessionWindows } from '../windows/session-windows.js'
import type { SlidingWindows } from '../windows/sliding-windows.js'
import type { TimeWindows } from '../windows/time-windows.js'
import type {
  CogroupedKStream,
  SessionWindowedCogroupedKStream,
  TimeWindowedCogroupedKStream,
} from './cogrouped-kstream.js'
import type { CommonStoreDefinition, Grouping } from './grouping.js'
import type { KTable } from './ktable.js'
import type { WindowStoreOptions } from './operator-options.js'
import { TableOf } from './table-of.js'
import type { TableState } from './table-state.js'
import { AggregateSupply } from './table-supply.js'
import { UnknownSerde } from './unknown-serde.js'
import { openAfterEnd } from './window-retention.js'
import { sessionStore, windowAggregation, windowStore } from './window-stores.js'

type GivenOptions = WindowStoreOptions<Erased> & { readonly value?: Serde<Erased> | undefined }
type Aggregator = (key: Erased, value: Erased, aggregate: Erased) => Erased

/** One of the streams. */
interface Member {
  readonly grouping: Grouping
  readonly aggregator: Aggregator
}

/** What differs by window. */
interface CogroupRequest {
  readonly call: string
  readonly options: GivenOptions
  storeOf(common: CommonStoreDefinition, operator: string): AnyStoreDefinition
  supplierOf(aggregator: Aggregator, store: string): ProcessorSupplier<Erased, Erased, Erased, Erased>
  tableOf(store: AnyStoreDefinition): Pick<TableState, 'key' | 'closesAfter' | 'windowSize'>
}

const PREFIX = 'COGROUPKSTREAM-AGGREGATE-'

/** Grouped streams to be aggregated together. */
export class CogroupedStreamOf<K, A> implements CogroupedKStream<K, A> {
  constructor(
    private readonly members: readonly [Member, ...Member[]],
    private readonly groupingOf: (stream: Erased) => Grouping,
  ) {}

  cogroup(stream: Erased, aggregator: Aggregator): CogroupedKStream<K, A> {
    const member = { grouping: this.groupingOf(stream), aggregator }
    return new CogroupedStreamOf<K, A>([...this.members, member], this.groupingOf)
  }

  windowedBy(windows: SessionWindows): SessionWindowedCogroupedKStream<K, A>
  windowedBy(windows: TimeWindows | SlidingWindows): TimeWindowedCogroupedKStream<K, A>
  windowedBy(windows: SessionWindows | TimeWindows | SlidingWindows): Erased {
    if (windows instanceof SessionWindows) {
      return {
        aggregate: (initializer: () => Erased, merger: Aggregator, options: GivenOptions) =>
          this.bySession(windows, initializer, merger, options),
      }
    }
    return {
      aggregate: (initializer: () => Erased, options: GivenOptions) =>
        this.byWindow(windows, initializer, options),
    }
  }

  aggregate(initializer: () => Erased, options: GivenOptions): KTable<K, A | null> {
    return this.table({
      call: 'aggregate(initializer, ',
      options,
      storeOf: (common) => ({ kind: 'keyValue', ...common }),
      supplierOf: (aggregator, store) => aggregate(aggregating(initializer, aggregator), store),
      tableOf: ({ key }) => ({ key }),
    })
  }

  private byWindow(
    windows: TimeWindows | SlidingWindows,
    initializer: () => Erased,
    options: GivenOptions,
  ): KTable<Erased, A | null> {
    const { builder } = this.members[0].grouping.state
    return this.table({
      call: 'aggregate(initializer, ',
      options,
      storeOf: (common, operator) => windowStore(builder, { windows, common, options, operator }),
      supplierOf: (aggregator, store) =>
        windowAggregation(windows, aggregating(initializer, aggregator), store),
      tableOf: ({ key }) => ({
        key: windowed(key, { size: windows.size }),
        closesAfter: openAfterEnd(windows),
        windowSize: windows.size,
      }),
    })
  }

  private bySession(
    windows: SessionWindows,
    initializer: () => Erased,
    merger: Aggregator,
    options: GivenOptions,
  ): KTable<Erased, A | null> {
    const { builder } = this.members[0].grouping.state
    return this.table({
      call: 'aggregate(initializer, merger, ',
      options,
      storeOf: (common, operator) => sessionStore(builder, { windows, common, options, operator }),
      supplierOf: (aggregator, store) =>
        sessionAggregate(windows, sessionAggregating(initializer, aggregator, merger), store),
      tableOf: ({ key }) => ({ key: sessionWindowed(key), closesAfter: windows.retention }),
    })
  }

  /** An aggregation for each stream, on one store that the first of them owns, and a node that joins them. */
  private table({ call, options, storeOf, supplierOf, tableOf }: CogroupRequest): KTable<Erased, A | null> {
    const [first] = this.members
    const { builder } = first.grouping.state
    const storeName = options.store ?? builder.names.store(PREFIX)
    const given = (suffix: string) => (options.name === undefined ? undefined : options.name + suffix)
    let store: AnyStoreDefinition | undefined
    const nodes = this.members.map(({ grouping, aggregator }, index): LogicalNode => {
      const name = builder.names.operator(PREFIX, given(`-cogroup-agg-${index}`))
      const input = grouping.input(storeName, name)
      const value = new UnknownSerde('aggregates are of a type of their own')
      const owned =
        store === undefined
          ? storeOf(grouping.commonStore({ operator: name, call, options, value, storeName }), name)
          : undefined
      store ??= owned
      const supplier = supplierOf(aggregator, storeName)
      const uses = owned === undefined ? [storeName] : []
      return builder.add({ kind: 'operator', name, parents: [input], supplier, store: owned, uses })
    })
    const node = builder.add({
      kind: 'operator',
      name: builder.names.operator('COGROUPKSTREAM-MERGE-', given('-cogroup-merge')),
      parents: nodes as unknown as Parents,
      supplier: passThrough(),
      store: undefined,
      coPartitioned: nodes,
    })
    const supply = new AggregateSupply(store!)
    return new TableOf({ builder, node, value: store!.value, supply, ...tableOf(store!) })
  }
}
