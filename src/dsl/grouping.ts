import type { ProcessorSupplier } from '../../operators/processor.js'
import type { Serde } from '../serdes/serde.js'
import type { AnyStoreDefinition } from '../state/store-definition.js'
import type { Erased, LogicalNode, LogicalRepartition } from '../topology/logical-graph.js'
import { addLateOutput, lateName } from './late-output.js'
import type { StoreOptions } from './operator-options.js'
import { storeKeeping } from './store-keeping.js'
import { repartitionNode, type StreamState } from './stream-state.js'

/** An aggregation that a grouped stream is asked for. */
export interface AggregationRequest {
  /** Prefix of generated names: `KSTREAM-AGGREGATE-` or `KSTREAM-REDUCE-`. */
  readonly prefix: string
  /** How the user's call begins, for the cure in an error. */
  readonly call: string
  readonly options: StoreOptions<Erased> & {
    readonly value?: Serde<Erased> | undefined
    readonly late?: ((late: Erased) => void) | undefined
  }
  /** The store's value serde if the options have none. */
  readonly value: Serde<Erased>
  /** The rest of the store's definition. */
  storeOf(common: CommonStoreDefinition, operator: string): AnyStoreDefinition
  /** Names of other stores that it uses. */
  usesOf?(store: string): readonly string[]
  /** @param lateOutput the child that takes late records; undefined: nobody asked for them */
  supplierOf(store: string, lateOutput: string | undefined): ProcessorSupplier<Erased, Erased, Erased, Erased>
}

/** What definitions of all kinds of stores have. */
export type CommonStoreDefinition = Pick<
  AnyStoreDefinition,
  'name' | 'key' | 'value' | 'caching' | 'logging' | 'storage'
>

/** Whose store it is, and what it is given. */
interface CommonStoreRequest extends Pick<AggregationRequest, 'call' | 'options' | 'value'> {
  readonly operator: string
  readonly storeName: string
}

/** A table that an aggregation makes, and what it is kept in. */
export interface AggregatedTable {
  readonly node: LogicalNode
  readonly store: AnyStoreDefinition
}

/** Builds the aggregations of one grouped stream, windowed or not. */
export class Grouping {
  /** The topic is shared by all aggregations of a grouped stream if the user named it, as in Kafka Streams. */
  private shared: LogicalRepartition | undefined

  constructor(
    readonly state: StreamState,
    private readonly name: string | undefined,
    /** How the grouping call begins, for the cure in an error. */
    private readonly call: string,
  ) {}

  aggregate({
    prefix,
    call,
    options,
    value,
    storeOf,
    usesOf,
    supplierOf,
  }: AggregationRequest): AggregatedTable {
    const { builder } = this.state
    const storeName = options.store ?? builder.names.store(prefix)
    const operator = builder.names.operator(prefix, options.name)
    const input = this.input(storeName, operator)
    const lateOutput = options.late === undefined ? undefined : lateName(operator)
    const store = storeOf(this.commonStore({ operator, call, options, value, storeName }), operator)
    const node = builder.add({
      kind: 'operator',
      name: operator,
      parents: [input],
      supplier: supplierOf(storeName, lateOutput),
      store,
      ...(usesOf && { uses: usesOf(storeName) }),
    })
    if (options.late !== undefined) addLateOutput(this.state, node, options.late)
    return { node, store }
  }

  /** What the store of an aggregation of this stream has, whatever its kind. */
  commonStore({ operator, call, options, value, storeName }: CommonStoreRequest): CommonStoreDefinition {
    const { builder } = this.state
    return {
      name: storeName,
      key: builder.serde({ operator, call, part: 'key', given: options.key, known: this.state.key }),
      value: builder.serde({ operator, call, part: 'value', given: options.value, known: value }),
      ...storeKeeping(options),
    }
  }

  /** The grouped records, through a topic if their key has changed. */
  input(storeName: string, operator: string): LogicalNode {
    const { state, name, call } = this
    if (!state.rekeyed) return state.node
    const { builder } = state
    const node = repartitionNode(state, {
      prefix: name ?? storeName,
      key: builder.serde({ operator, call, part: 'key', given: undefined, known: state.key }),
      value: builder.serde({ operator, call, part: 'value', given: undefined, known: state.value }),
    })
    if (name === undefined) return builder.add(node)
    this.shared ??= node
    return builder.add(this.shared)
  }
}

/**
 * Kafka Streams' `count()` moves its counter on by one more where it is given anything about its store but the name.
 * It says so itself and keeps to it; so do we, for the names that follow.
 */
export function burnCountName(
  grouping: Grouping,
  { store, name: _, late: __, ...aboutStore }: AggregationRequest['options'],
): void {
  const saysMore = Object.values(aboutStore).some((option) => option !== undefined)
  if (saysMore && store === undefined) grouping.state.builder.names.store('KSTREAM-AGGREGATE-')
}
