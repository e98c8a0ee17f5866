import { type TableAggregation, tableAggregate } from '../../operators/table-aggregate.js'
import { aggregatingRows, countingRows, reducingRows } from '../../operators/table-aggregation.js'
import type { Retracting } from '../aggregators/aggregator.js'
import { change } from '../serdes/change.js'
import { int64 } from '../serdes/int64.js'
import type { Serde } from '../serdes/serde.js'
import type { Erased, LogicalNode, LogicalRepartition } from '../topology/logical-graph.js'
import { isRetracting } from './aggregator-arguments.js'
import type { GraphBuilder } from './graph-builder.js'
import type { KGroupedTable } from './kgrouped-table.js'
import type { KTable } from './ktable.js'
import type { RowStoreOptions } from './operator-options.js'
import { rowStore } from './row-store.js'
import { storeKeeping } from './store-keeping.js'
import { TableOf } from './table-of.js'
import { AggregateSupply } from './table-supply.js'
import { UnknownSerde } from './unknown-serde.js'

type GivenOptions = RowStoreOptions<Erased> & { readonly value?: Serde<Erased> | undefined }

/** The rows of a table by group, not repartitioned yet. */
export interface GroupedRows {
  readonly builder: GraphBuilder
  /** The node that says where the changes of rows belong. */
  readonly node: LogicalNode
  readonly key: Serde<Erased>
  readonly value: Serde<Erased>
  /** Name that the user gave the grouping. */
  readonly name: string | undefined
}

/** A grouped table as a view of the node that makes it. */
export class GroupedTableOf<K, V> implements KGroupedTable<K, V> {
  /** The topic is shared by all aggregations of a grouped table if the user named it, as in Kafka Streams. */
  private shared: LogicalRepartition | undefined

  constructor(private readonly grouped: GroupedRows) {}

  count(options: GivenOptions = {}): KTable<K, number> {
    return this.table('KTABLE-AGGREGATE-', 'count(', options, int64(), countingRows)
  }

  reduce(
    adder: (aggregate: Erased, value: Erased) => Erased,
    subtractor: (aggregate: Erased, value: Erased) => Erased,
    options: GivenOptions = {},
  ): KTable<K, Erased> {
    const { value } = this.grouped
    const call = 'reduce(adder, subtractor, '
    return this.table('KTABLE-REDUCE-', call, options, value, reducingRows(adder, subtractor))
  }

  aggregate(...given: Erased[]): KTable<K, Erased> {
    if (isRetracting(given[0])) return this.aggregateBy(given[0].retracting, given[1])
    const [initializer, adder, subtractor, options = {}] = given
    const value = new UnknownSerde('aggregates are of a type of their own')
    const aggregation = aggregatingRows(initializer, adder, subtractor)
    const call = 'aggregate(initializer, adder, subtractor, '
    return this.table('KTABLE-AGGREGATE-', call, options, value, aggregation)
  }

  /** What is kept is more than the aggregate, which is made of it. */
  private aggregateBy(by: Retracting<Erased, Erased, Erased>, options: GivenOptions = {}): KTable<K, Erased> {
    const aggregation = aggregatingRows<Erased, Erased, Erased>(
      () => undefined,
      (key, value, kept) => by.adder(key, value, kept),
      (key, value, kept) => by.subtractor(key, value, kept),
    )
    const rows = this.table('KTABLE-AGGREGATE-', 'aggregate(aggregator, ', options, by.keptSerde, aggregation)
    const name = options.name === undefined ? undefined : `${options.name}-result`
    return rows.mapValues((kept) => by.result(kept as Erased), { value: by.serde, name })
  }

  private table<A>(
    prefix: string,
    call: string,
    options: GivenOptions,
    value: Serde<Erased>,
    aggregation: TableAggregation<Erased, Erased, A>,
  ): KTable<K, A> {
    const { builder, key } = this.grouped
    const storeName = options.store ?? builder.names.store(prefix)
    const input = this.repartitioned(storeName, options.name)
    const operator = builder.names.operator(prefix, options.name)
    const common = {
      name: storeName,
      key: builder.serde({ operator, call, part: 'key', given: options.key, known: key }),
      value: builder.serde({ operator, call, part: 'value', given: options.value, known: value }),
      ...storeKeeping(options),
    }
    const store = rowStore(builder, operator, common, options)
    builder.add(input)
    const supplier = tableAggregate(aggregation, storeName)
    const node = builder.add({ kind: 'operator', name: operator, parents: [input], supplier, store })
    return new TableOf({
      builder,
      node,
      key: store.key,
      value: store.value,
      supply: new AggregateSupply(store),
    })
  }

  /** The node that sends the changes through a topic; the counter moves on by two in any case. */
  private repartitioned(storeName: string, named: string | undefined): LogicalRepartition {
    const { builder, node, key, value, name } = this.grouped
    const { names } = builder
    const sinkName = names.operator('KSTREAM-SINK-', named && `${named}-sink`)
    const sourceName = names.operator('KSTREAM-SOURCE-', named && `${named}-source`)
    if (this.shared !== undefined) return this.shared
    const repartition: LogicalRepartition = {
      kind: 'repartition',
      parents: [node],
      topic: `${name ?? storeName}-repartition`,
      filter: undefined,
      sinkName,
      sourceName,
      key,
      value: change(value),
      partitioner: undefined,
      partitions: undefined,
    }
    if (name !== undefined) this.shared = repartition
    return repartition
  }
}
