import { filter, filterNot, type Predicate } from '../../operators/filter.js'
import { flatMap } from '../../operators/flat-map.js'
import { flatMapValues } from '../../operators/flat-map-values.js'
import { type ForEachAction, forEach } from '../../operators/for-each.js'
import { type KeyValue, map } from '../../operators/map.js'
import { filterAsync, flatMapAsync, mapAsync, mapValuesAsync } from '../../operators/map-async.js'
import { mapValues } from '../../operators/map-values.js'
import { passThrough } from '../../operators/pass-through.js'
import { peek } from '../../operators/peek.js'
import { print } from '../../operators/print.js'
import { process } from '../../operators/process.js'
import { processValues } from '../../operators/process-values.js'
import type { ProcessorSupplier } from '../../operators/processor.js'
import type { FixedKeyProcessor, Processor } from '../../operators/processor-api.js'
import { selectKey } from '../../operators/select-key.js'
import type { Serde } from '../serdes/serde.js'
import { type Erased, type LogicalOperator, outputOf } from '../topology/logical-graph.js'
import type { TopicNameExtractor } from '../topology/sub-topology.js'
import type { JoinInterval } from '../windows/join-interval.js'
import type { JoinWindows } from '../windows/join-windows.js'
import { joinAsOf } from './as-of-joins.js'
import { type AsyncOptions, addAsync } from './async-streams.js'
import type { BranchedKStream } from './branched-kstream.js'
import { BranchedStreamOf } from './branched-stream-of.js'
import { deduplicateStream } from './deduplicated-streams.js'
import { GlobalTableOf } from './global-table-of.js'
import { GroupedStreamOf } from './grouped-stream-of.js'
import { Grouping } from './grouping.js'
import { JoinInput } from './join-input.js'
import type { KGroupedStream } from './kgrouped-stream.js'
import type { KnownSerde } from './known-serdes.js'
import type { KStream } from './kstream.js'
import type { KTable } from './ktable.js'
import type {
  OperatorOptions,
  PrintOptions,
  RepartitionOptions,
  RowStoreOptions,
  SinkOptions,
  StreamProcessOptions,
} from './operator-options.js'
import { rowStore } from './row-store.js'
import { storeKeeping } from './store-keeping.js'
import { type JoinKind, joinStreams, type StreamJoinRequest } from './stream-joins.js'
import { repartitionNode, type StreamState, withNewKey, withNewValue } from './stream-state.js'
import { joinGlobalTable, joinTable, type StreamTableJoinOptions } from './stream-table-joins.js'
import { TableOf } from './table-of.js'
import { tableSourceNode } from './table-source-node.js'
import { SourceSupply } from './table-supply.js'
import { commonSerde } from './unknown-serde.js'

type AnySupplier = ProcessorSupplier<Erased, Erased, Erased, Erased>
type AnyJoiner = (left: Erased, right: Erased, key: Erased) => Erased
type TableJoinArguments = [joiner: AnyJoiner, options?: StreamTableJoinOptions]
type GlobalJoinArguments = [
  keySelector: (key: Erased, value: Erased) => Erased,
  joiner: AnyJoiner,
  options?: OperatorOptions,
]
type AnyStream = KStream<Erased, Erased, Erased>
type GivenAsync = AsyncOptions<Erased, Erased, Erased>
type GivenSerdes = { readonly key?: Serde<Erased> | undefined; readonly value?: Serde<Erased> | undefined }

type GivenStreamJoin = Omit<StreamJoinRequest, 'left' | 'right'> & { readonly other: Erased }

const callOf = (kind: JoinKind): string => `${kind}(other, joiner, windows, `

const PASSES = { effect: 'passes' } as const
const REKEYS = { effect: 'rekeys' } as const

/** A stream as a view of the node that makes it. */
export class StreamOf<K, V, Known extends KnownSerde> implements KStream<K, V, Known> {
  private readonly joinInput: JoinInput

  constructor(private readonly state: StreamState) {
    this.joinInput = new JoinInput(state)
  }

  filter(predicate: Predicate<K, V>, options?: OperatorOptions): KStream<K, Erased, Known> {
    return this.with(this.operator('KSTREAM-FILTER-', filter(predicate), options, PASSES))
  }

  filterNot(predicate: Predicate<K, V>, options?: OperatorOptions): KStream<K, V, Known> {
    return this.with(this.operator('KSTREAM-FILTER-', filterNot(predicate), options, PASSES))
  }

  map<KR, VR>(
    mapper: (key: K, value: V) => KeyValue<KR, VR>,
    options?: OperatorOptions,
  ): KStream<KR, VR, never> {
    return this.with(withNewValue(withNewKey(this.operator('KSTREAM-MAP-', map(mapper), options, REKEYS))))
  }

  mapValues<VR>(
    mapper: (value: V, key: K) => Erased,
    options?: OperatorOptions,
  ): KStream<K, VR, Exclude<Known, 'value'>> {
    return this.with(withNewValue(this.operator('KSTREAM-MAPVALUES-', mapValues(mapper), options)))
  }

  flatMap<KR, VR>(
    mapper: (key: K, value: V) => Iterable<KeyValue<KR, VR>>,
    options?: OperatorOptions,
  ): KStream<KR, VR, never> {
    return this.with(
      withNewValue(withNewKey(this.operator('KSTREAM-FLATMAP-', flatMap(mapper), options, REKEYS))),
    )
  }

  flatMapValues<VR>(
    mapper: (value: V, key: K) => Iterable<Erased>,
    options?: OperatorOptions,
  ): KStream<K, VR, Exclude<Known, 'value'>> {
    return this.with(withNewValue(this.operator('KSTREAM-FLATMAPVALUES-', flatMapValues(mapper), options)))
  }

  mapAsync<KR, VR>(ask: Erased, options?: GivenAsync): KStream<KR, VR, never> {
    const request = { method: 'mapAsync', ask, supplier: mapAsync, options, ...REKEYS } as const
    return this.with(withNewValue(withNewKey(addAsync(this.state, request))))
  }

  mapValuesAsync<VR>(mapper: Erased, options?: GivenAsync): KStream<K, VR, Exclude<Known, 'value'>> {
    const ask = (key: Erased, value: Erased, call: Erased) => mapper(value, key, call)
    const request = { method: 'mapValuesAsync', ask, supplier: mapValuesAsync, options } as const
    return this.with(withNewValue(addAsync(this.state, request)))
  }

  filterAsync(ask: Erased, options?: GivenAsync): KStream<K, V, Known> {
    return this.with(addAsync(this.state, { method: 'filterAsync', ask, supplier: filterAsync, options }))
  }

  flatMapAsync<KR, VR>(ask: Erased, options?: GivenAsync): KStream<KR, VR, never> {
    const request = { method: 'flatMapAsync', ask, supplier: flatMapAsync, options, ...REKEYS } as const
    return this.with(withNewValue(withNewKey(addAsync(this.state, request))))
  }

  selectKey<KR>(
    selector: (key: K, value: V) => Erased,
    options?: OperatorOptions,
  ): KStream<KR, V, Exclude<Known, 'key'>> {
    return this.with(withNewKey(this.operator('KSTREAM-KEY-SELECT-', selectKey(selector), options, REKEYS)))
  }

  peek(action: ForEachAction<K, V>, options?: OperatorOptions): KStream<K, V, Known> {
    return this.with(this.operator('KSTREAM-PEEK-', peek(action), options, PASSES))
  }

  foreach(action: ForEachAction<K, V>, options?: OperatorOptions): void {
    this.operator('KSTREAM-FOREACH-', forEach(action), options)
  }

  merge<Known2 extends KnownSerde>(
    other: KStream<K, V, Known2>,
    options?: OperatorOptions,
  ): KStream<K, V, Known & Known2> {
    const left = this.state
    const right = (other as StreamOf<K, V, Known2>).state
    const merged = this.operator('KSTREAM-MERGE-', passThrough(), options, {
      ...PASSES,
      parents: [left.node, right.node],
    })
    const name = outputOf(merged.node)
    return this.with({
      ...merged,
      key: commonSerde(name, left.key, right.key),
      value: commonSerde(name, left.value, right.value),
      rekeyed: left.rekeyed || right.rekeyed,
    })
  }

  join(other: Erased, ...rest: Erased[]): KStream<Erased, Erased, Erased> {
    return this.joined('join', other, rest)
  }

  leftJoin(other: Erased, ...rest: Erased[]): KStream<Erased, Erased, Erased> {
    return this.joined('leftJoin', other, rest)
  }

  outerJoin(other: Erased, joiner: Erased, windows: JoinWindows, options = {}): KStream<K, Erased, Erased> {
    return this.joinedWithStream({
      kind: 'outerJoin',
      call: callOf('outerJoin'),
      other,
      joiner,
      windows,
      options,
    })
  }

  split(options?: OperatorOptions): BranchedKStream<K, V, Known> {
    const { builder } = this.state
    const splitter = builder.names.operator('KSTREAM-BRANCH-', options?.name)
    builder.openSplit(splitter)
    return new BranchedStreamOf({ stream: this.state, splitter, branches: [] })
  }

  repartition(options: Partial<RepartitionOptions<Erased, Erased, KnownSerde>> = {}): KStream<K, V> {
    const { builder } = this.state
    const { name, partitions, partitioner } = options
    const prefix = name ?? builder.names.operator('KSTREAM-REPARTITION-')
    if (partitions !== undefined && !(Number.isSafeInteger(partitions) && partitions > 0)) {
      builder.refuse(prefix, `${partitions} partitions are not possible`, 'give it an integer of at least 1')
    }
    const serdes = this.serdes(prefix, 'repartition(', options)
    const node = builder.add(
      repartitionNode(this.state, { prefix, ...serdes, partitioner, partitions, asked: true }),
    )
    return this.with({ builder, node, ...serdes, rekeyed: false })
  }

  process<KOut, VOut>(
    supplier: () => Processor<K, V, KOut, VOut>,
    options?: StreamProcessOptions<K>,
  ): KStream<KOut, VOut, never> {
    const processed = this.processor(
      'KSTREAM-PROCESSOR-',
      process(supplier, options?.timers),
      options,
      'rekeys',
    )
    processed.builder.requireProcessor(outputOf(processed.node), supplier, options?.timers)
    return this.with(withNewValue(withNewKey(processed)))
  }

  processValues<VOut>(
    supplier: () => FixedKeyProcessor<K, V, VOut>,
    options?: StreamProcessOptions<K>,
  ): KStream<K, VOut, Exclude<Known, 'value'>> {
    const processed = this.processor(
      'KSTREAM-PROCESSVALUES-',
      processValues(supplier, options?.timers),
      options,
    )
    processed.builder.requireProcessor(outputOf(processed.node), supplier, options?.timers)
    return this.with(withNewValue(processed))
  }

  print({ label = outputOf(this.state.node), write = console.log, name }: PrintOptions = {}): void {
    this.operator('KSTREAM-PRINTER-', print(label, write), { name })
  }

  toTable(options: GivenSerdes & RowStoreOptions<Erased> = {}): KTable<Erased, V> {
    const { builder } = this.state
    const prefix = 'KSTREAM-TOTABLE-'
    const storeName = options.store ?? builder.names.store(prefix)
    const name = builder.names.operator(prefix, options.name)
    const serdes = this.serdes(name, 'toTable(', options)
    const store = rowStore(builder, name, { name: storeName, ...serdes, ...storeKeeping(options) }, options)
    const supply = new SourceSupply(store, options.store !== undefined || store.kind === 'versioned')
    const parent = this.state.rekeyed
      ? builder.add(repartitionNode(this.state, { prefix: name, ...serdes }))
      : this.state.node
    const node = builder.add(tableSourceNode(name, parent, supply))
    return new TableOf({ builder, node, ...serdes, supply })
  }

  groupBy(
    selector: (key: K, value: V) => Erased,
    options: GivenSerdes & OperatorOptions = {},
  ): KGroupedStream<Erased, V> {
    const state = withNewKey(this.operator('KSTREAM-KEY-SELECT-', selectKey(selector), options, REKEYS))
    return this.grouped(state, options, 'groupBy(selector, ')
  }

  groupByKey(options: GivenSerdes & OperatorOptions = {}): KGroupedStream<Erased, V, Erased> {
    return this.grouped(this.state, options, 'groupByKey(')
  }

  to(
    topic: string | TopicNameExtractor<K, V>,
    options: Partial<SinkOptions<Erased, Erased, KnownSerde>> = {},
  ): void {
    const { builder, node } = this.state
    const name = builder.names.operator('KSTREAM-SINK-', options.name)
    const { partitioner } = options
    const serdes = this.serdes(name, 'to(topic, ', options)
    builder.add({ kind: 'sink', name, parents: [node], topic, ...serdes, partitioner })
  }

  deduplicate(options: Erased): KStream<K, V, Erased> {
    return this.with(deduplicateStream(this.joinInput, options))
  }

  intervalJoin(other: Erased, joiner: Erased, interval: JoinInterval, options = {}): AnyStream {
    const call = 'intervalJoin(other, joiner, interval, '
    return this.joinedWithStream({ kind: 'join', call, other, joiner, windows: interval, options })
  }

  asOfJoin(other: Erased, joiner: Erased, options = {}): AnyStream {
    return this.with(joinAsOf({ stream: this.joinInput, other, joiner, left: false, options }))
  }

  leftAsOfJoin(other: Erased, joiner: Erased, options = {}): AnyStream {
    return this.with(joinAsOf({ stream: this.joinInput, other, joiner, left: true, options }))
  }

  /** With a stream, a global table or a table; what follows depends on it. */
  private joined(kind: 'join' | 'leftJoin', other: Erased, rest: Erased[]): KStream<Erased, Erased, Erased> {
    if (other instanceof StreamOf) {
      const [joiner, windows, options = {}] = rest
      return this.joinedWithStream({ kind, call: callOf(kind), other, joiner, windows, options })
    }
    const left = kind === 'leftJoin'
    if (other instanceof GlobalTableOf) {
      const [keySelector, joiner, options = {}] = rest as unknown as GlobalJoinArguments
      const request = { stream: this.state, table: other, keySelector, joiner, left, options }
      return this.with<Erased, Erased, Erased>(joinGlobalTable(request))
    }
    const [joiner, options = {}] = rest as unknown as TableJoinArguments
    const { state: table } = other as TableOf<Erased, Erased, Erased>
    const call = `${kind}(table, joiner, `
    const request = { stream: this.joinInput, table, joiner, left, options, call }
    return this.with<Erased, Erased, Erased>(joinTable(request))
  }

  private joinedWithStream({ other, ...request }: GivenStreamJoin): KStream<Erased, Erased, Erased> {
    const { state, joinInput } = other as StreamOf<Erased, Erased, Erased>
    const left = { state: this.state, input: this.joinInput }
    return this.with(joinStreams({ ...request, left, right: { state, input: joinInput } }))
  }

  /** Adds an operator on this stream; the state is that of a stream with unchanged types. */
  private operator(
    prefix: string,
    supplier: AnySupplier,
    options: OperatorOptions | undefined,
    more: Partial<Pick<LogicalOperator, 'parents' | 'effect'>> = {},
  ): StreamState {
    const { builder, node: parent } = this.state
    const name = builder.names.operator(prefix, options?.name)
    const node = builder.add<LogicalOperator>({
      kind: 'operator',
      name,
      parents: [parent],
      supplier,
      store: undefined,
      ...more,
    })
    return { ...this.state, node }
  }

  /** Adds a processor of the user's; the state is that of a stream with unchanged types. */
  private processor(
    prefix: string,
    supplier: AnySupplier,
    { name: given, stores, timers }: StreamProcessOptions<Erased> = {},
    effect?: LogicalOperator['effect'],
  ): StreamState {
    const { builder, node: parent } = this.state
    const name = builder.names.uncounted(prefix, given)
    const uses = builder.connect(stores)
    const node = builder.add<LogicalOperator>({
      kind: 'operator',
      name,
      parents: [parent],
      supplier,
      store: timers?.definition,
      uses,
      effect,
    })
    return { ...this.state, node }
  }

  private with<K2, V2, Known2 extends KnownSerde>(state: StreamState): KStream<K2, V2, Known2> {
    return new StreamOf(state)
  }

  private grouped<KR, Known2 extends KnownSerde>(
    state: StreamState,
    { key = state.key, value = state.value, name }: GivenSerdes & OperatorOptions,
    call: string,
  ): KGroupedStream<KR, V, Known2> {
    return new GroupedStreamOf(new Grouping({ ...state, key, value }, name, call))
  }

  /** The serdes with which an operator makes bytes of this stream. */
  private serdes(operator: string, call: string, given: GivenSerdes) {
    const { builder, key, value } = this.state
    return {
      key: builder.serde({ operator, call, part: 'key', given: given.key, known: key }),
      value: builder.serde({ operator, call, part: 'value', given: given.value, known: value }),
    }
  }
}
