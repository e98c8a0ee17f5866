import { type BufferedChange, bufferedChange, waitingOrder } from '../../operators/buffered-change.js'
import { derivedTable, derivedView, type RowDerivation } from '../../operators/derived-table.js'
import type { Predicate } from '../../operators/filter.js'
import { groupChanges } from '../../operators/group-changes.js'
import type { ValueTransformer } from '../../operators/processor-api.js'
import type { KeySelector } from '../../operators/select-key.js'
import { arrival, suppress, windowEndOf } from '../../operators/suppress.js'
import { suppressedView } from '../../operators/suppressed-view.js'
import { tableFilter } from '../../operators/table-filter.js'
import { tableMapValues } from '../../operators/table-map-values.js'
import { tableTransformValues } from '../../operators/table-transform-values.js'
import { toStream } from '../../operators/to-stream.js'
import { sameBytes } from '../serdes/same-bytes.js'
import type { Serde } from '../serdes/serde.js'
import type { KeyValueStoreDefinition } from '../state/store-definition.js'
import type { Store } from '../state/stores.js'
import type { Erased } from '../topology/logical-graph.js'
import { type ForeignKeyJoinRequest, joinByForeignKey } from './foreign-key-joins.js'
import type { Synchronous } from './functions.js'
import { GroupedTableOf } from './grouped-table-of.js'
import type { KGroupedTable } from './kgrouped-table.js'
import type { KnownSerde } from './known-serdes.js'
import type { KStream } from './kstream.js'
import type { KTable } from './ktable.js'
import type { OperatorOptions, ProcessOptions, RowStoreOptions, SuppressOptions } from './operator-options.js'
import { rowStore } from './row-store.js'
import { saysHowToKeep, storeKeeping } from './store-keeping.js'
import type { UntilTimeLimit, UntilWindowCloses } from './suppressed.js'
import { joinTables, type TableJoinRequest } from './table-joins.js'
import type { TableState } from './table-state.js'
import { AggregateSupply, DerivedSupply } from './table-supply.js'
import { UnknownSerde } from './unknown-serde.js'

type GivenOptions = RowStoreOptions<Erased> & { readonly value?: Serde<Erased> | undefined }
type AnyTable = KTable<Erased, Erased, Erased>
type AnyFunction = (...given: readonly Erased[]) => Erased
type KeyJoinArguments = readonly [joiner: AnyFunction, options?: GivenOptions | undefined]
type JoinArguments =
  | KeyJoinArguments
  | readonly [
      foreignKey: AnyFunction,
      joiner: AnyFunction,
      options?: ForeignKeyJoinRequest['options'] | undefined,
    ]

/** An operator that makes rows of this table's. */
interface Derivation {
  readonly prefix: string
  /** How the user's call begins, for the cure in an error. */
  readonly call: string
  readonly options: GivenOptions
  /** The value serde if the options have none. */
  readonly value: Serde<Erased>
  derivation(): RowDerivation<Erased, Erased, Erased>
  /** Stores of the user's that it uses. */
  readonly stores?: readonly Store<Erased>[] | undefined
}

/** A table as a view of the node that makes it. */
export class TableOf<K, V, Known extends KnownSerde> implements KTable<K, V, Known> {
  constructor(readonly state: TableState) {}

  toStream<KR>(
    selector: (key: K, value: V) => Synchronous<KR>,
    options?: OperatorOptions,
  ): KStream<KR, V, Exclude<Known, 'key'>>
  toStream(options?: OperatorOptions): KStream<K, V, Known>
  toStream(
    first?: OperatorOptions | KeySelector<K, V, Erased>,
    second?: OperatorOptions,
  ): KStream<Erased, V, Erased> {
    if (typeof first !== 'function') return this.changes(first)
    return this.changes(second).selectKey(first as KeySelector<K, V, Erased>)
  }

  private changes(options: OperatorOptions | undefined): KStream<Erased, Erased> {
    const { builder, node, key, value } = this.state
    const name = builder.names.operator('KTABLE-TOSTREAM-', options?.name)
    const changes = builder.add({
      kind: 'operator',
      name,
      parents: [node],
      supplier: toStream(),
      store: undefined,
    })
    return builder.stream({ builder, node: changes, key, value, rekeyed: false })
  }

  filter(predicate: Predicate<K, Erased>, options: GivenOptions = {}): KTable<K, Erased, Known> {
    return this.filtered(predicate, true, 'filter(predicate, ', options)
  }

  filterNot(predicate: Predicate<K, Erased>, options: GivenOptions = {}): KTable<K, Erased, Known> {
    return this.filtered(predicate, false, 'filterNot(predicate, ', options)
  }

  private filtered(
    predicate: Predicate<K, Erased>,
    wanted: boolean,
    call: string,
    options: GivenOptions,
  ): KTable<K, Erased, Known> {
    const derivation = tableFilter(predicate, wanted)
    const { value } = this.state
    const filtered = this.derived({ prefix: 'KTABLE-FILTER-', call, options, value, derivation })
    // As in Kafka Streams: no tombstones for rows that were not there, if it costs no store.
    filtered.supply.sendOldValues(false)
    return new TableOf(filtered)
  }

  mapValues(
    mapper: (value: Erased, key: K) => Erased,
    options: GivenOptions = {},
  ): KTable<K, Erased, Erased> {
    const prefix = 'KTABLE-MAPVALUES-'
    const value = new UnknownSerde('mapValues() changed the value')
    const derivation = tableMapValues(mapper)
    return new TableOf(this.derived({ prefix, call: 'mapValues(mapper, ', options, value, derivation }))
  }

  transformValues(
    supplier: () => ValueTransformer<K, Erased, Erased>,
    options: GivenOptions & ProcessOptions = {},
  ): KTable<K, Erased, Erased> {
    const { stores, ...rest } = options
    const prefix = 'KTABLE-TRANSFORMVALUES-'
    const value = new UnknownSerde('transformValues() changed the value')
    const derivation = tableTransformValues(supplier)
    const call = 'transformValues(supplier, '
    const transformed = this.derived({ prefix, call, options: rest, value, derivation, stores })
    this.state.builder.requireFresh(transformed.node.name, supplier)
    return new TableOf(transformed)
  }

  suppress(
    suppressed: UntilTimeLimit | UntilWindowCloses,
    options: Partial<SuppressOptions<Erased, Erased, KnownSerde>> = {},
  ): KTable<K, V, Known> {
    const { builder, node } = this.state
    const prefix = 'KTABLE-SUPPRESS-'
    const name = builder.names.uncounted(prefix, options.name)
    const storeName = options.name === undefined ? builder.names.store(prefix) : `${options.name}-store`
    const serde = (part: 'key' | 'value') =>
      builder.serde({
        operator: name,
        call: 'suppress(suppressed, ',
        part,
        given: options[part],
        known: this.state[part],
      })
    const [key, value] = [serde('key'), serde('value')]
    if (this.state.supply.historyRetention !== undefined) {
      const problem = 'its table is versioned, and what it keeps back would not be in order'
      builder.refuse(name, problem, 'suppress a table without historyRetention')
    }
    this.state.supply.sendOldValues(true)
    const store: KeyValueStoreDefinition<Erased, BufferedChange<Erased>> = {
      kind: 'keyValue',
      name: storeName,
      key,
      value: bufferedChange(value),
      caching: false,
      logging: options.logging ?? true,
      timeOrder: waitingOrder(value, suppressed.buffer.maxBytes !== undefined),
    }
    const supplier = suppress({ store: storeName, ...this.suppression(name, suppressed) })
    const held = builder.add({ kind: 'operator', name, parents: [node], supplier, store })
    const { supply: kept } = this.state
    const supply = new AggregateSupply(() => suppressedView(kept.view(), storeName))
    return new TableOf({ ...this.state, node: held, key, value, supply })
  }

  private suppression(operator: string, suppressed: UntilTimeLimit | UntilWindowCloses) {
    const { maxRecords = Number.POSITIVE_INFINITY, maxBytes = Number.POSITIVE_INFINITY } = suppressed.buffer
    this.requireBounds(operator, { maxRecords, maxBytes })
    const bounds = { maxRecords, maxBytes, whenFull: suppressed.buffer.whenFull ?? 'emit-early' }
    if (suppressed.until === 'time-limit') {
      return {
        ...bounds,
        timeOf: arrival,
        duration: suppressed.limit,
        includesEnd: false,
        holdsBack: suppressed.limit,
        finalOnly: false,
      }
    }
    const { builder, windows } = this.state
    const { closesAfter = 0, size = 0, includesEnd = false } = windows ?? {}
    if (windows === undefined) {
      builder.refuse(
        operator,
        'the rows of its table are not those of windows, which close',
        'suppress the table of a windowed aggregation, or use Suppressed.untilTimeLimit()',
      )
    }
    if (closesAfter === Number.POSITIVE_INFINITY) {
      builder.refuse(
        operator,
        'it waits until windows close, and an unlimited window never does',
        'use other windows, or Suppressed.untilTimeLimit()',
      )
    }
    const holdsBack = closesAfter + size
    const waits = { timeOf: windowEndOf, duration: closesAfter, includesEnd, holdsBack }
    return { ...bounds, ...waits, finalOnly: true }
  }

  private requireBounds(operator: string, bounds: Readonly<Record<string, number>>): void {
    for (const [name, bound] of Object.entries(bounds)) {
      if (bound >= 0) continue
      this.state.builder.refuse(
        operator,
        `${name} of its buffer is ${bound}`,
        'give it a number of at least 0, or leave it out',
      )
    }
  }

  join(other: AnyTable, ...given: JoinArguments): KTable<K, Erased, Erased> {
    return this.joined(other, given, { keepsLeft: false, keepsRight: false, call: 'join(' })
  }

  leftJoin(other: AnyTable, ...given: JoinArguments): KTable<K, Erased, Erased> {
    return this.joined(other, given, { keepsLeft: true, keepsRight: false, call: 'leftJoin(' })
  }

  outerJoin(other: AnyTable, ...given: KeyJoinArguments): KTable<K, Erased, Erased> {
    return this.joined(other, given, { keepsLeft: true, keepsRight: true, call: 'outerJoin(' })
  }

  /** By key, or, with one function more, by a foreign key. */
  private joined(
    other: AnyTable,
    [first, second = {}, third = {}]: JoinArguments,
    join: Pick<TableJoinRequest, 'keepsLeft' | 'keepsRight' | 'call'>,
  ): KTable<K, Erased, Erased> {
    const tables = { left: this.state, right: (other as TableOf<Erased, Erased, Erased>).state }
    if (typeof second !== 'function') {
      const call = `${join.call}other, joiner, `
      return new TableOf(joinTables({ ...join, ...tables, call, joiner: first, options: second }))
    }
    const call = `${join.call}other, foreignKey, joiner, `
    const functions = { extractor: first, joiner: second }
    return new TableOf(joinByForeignKey({ ...join, ...tables, ...functions, call, options: third }))
  }

  groupBy(
    selector: (key: Erased, value: Erased) => Erased,
    options: GivenOptions = {},
  ): KGroupedTable<Erased, Erased> {
    const { builder, node } = this.state
    const name = builder.names.operator('KTABLE-SELECT-', options.name)
    const call = 'groupBy(selector, '
    const known = new UnknownSerde('the groups are new')
    const key = builder.serde({ operator: name, call, part: 'key', given: options.key, known })
    const value = builder.serde({ operator: name, call, part: 'value', given: options.value, known })
    this.state.supply.sendOldValues(true)
    const supplier = groupChanges(selector, sameBytes(key))
    const grouped = builder.add({ kind: 'operator', name, parents: [node], supplier, store: undefined })
    return new GroupedTableOf({ builder, node: grouped, key, value, name: options.name })
  }

  private derived({ prefix, call, options, value: known, derivation, stores }: Derivation) {
    const { state } = this
    const { builder, node } = state
    if (options.store === undefined && saysHowToKeep(options)) builder.names.store(prefix)
    const name = builder.names.operator(prefix, options.name)
    const serde = (part: 'key' | 'value', given: Serde<Erased> | undefined, known: Serde<Erased>) =>
      options.store === undefined
        ? (given ?? known)
        : builder.serde({ operator: name, call, part, given, known })
    const key = serde('key', options.key, state.key)
    const value = serde('value', options.value, known)
    const { store } = options
    const uses = builder.connect(stores)
    const supply = new DerivedSupply(
      state.supply,
      store === undefined
        ? undefined
        : rowStore(builder, name, { name: store, key, value, ...storeKeeping(options) }, options),
      (view) => derivedView(view, derivation, uses),
    )
    const derived = builder.add({
      kind: 'operator',
      name,
      parents: [node],
      get supplier() {
        return derivedTable(derivation, supply.tableRows)
      },
      store: supply.store,
      uses,
    })
    return { ...state, node: derived, key, value, supply }
  }
}
