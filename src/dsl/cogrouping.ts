import type { EmitStrategy } from '../../operators/final-emission.js'
import { passThrough } from '../../operators/pass-through.js'
import type { ProcessorSupplier } from '../../operators/processor.js'
import type { WindowClosing } from '../../operators/windowed-aggregate.js'
import type { Serde } from '../serdes/serde.js'
import type { AnyStoreDefinition } from '../state/store-definition.js'
import type { Erased, LogicalNode, Parents } from '../topology/logical-graph.js'
import type { GraphBuilder } from './graph-builder.js'
import type { CommonStoreDefinition, Grouping } from './grouping.js'
import type { KTable } from './ktable.js'
import { addLateOutput, lateName } from './late-output.js'
import type { WindowStoreOptions } from './operator-options.js'
import { TableOf } from './table-of.js'
import type { TableState } from './table-state.js'
import { AggregateSupply } from './table-supply.js'
import { UnknownSerde } from './unknown-serde.js'

export type CogroupedOptions = WindowStoreOptions<Erased> & { readonly value?: Serde<Erased> | undefined }
export type ErasedAggregator = (key: Erased, value: Erased, aggregate: Erased) => Erased

/** One of the streams that are aggregated together. */
export interface CogroupMember {
  readonly grouping: Grouping
  readonly aggregator: ErasedAggregator
  /** Who asked for its late records. */
  readonly late: ((late: Erased) => void) | undefined
}

export type CogroupMembers = readonly [CogroupMember, ...CogroupMember[]]

/** When windows are handed on. */
export interface WindowEmission {
  readonly strategy: EmitStrategy
  /** How long a window takes records after its result was handed on, milliseconds. */
  readonly allowed: number
}

/** What differs by window. */
export interface CogroupRequest {
  /** How the user's call begins, for the cure in an error. */
  readonly call: string
  readonly options: CogroupedOptions
  /** Undefined: there are no windows. */
  readonly emission: WindowEmission | undefined
  storeOf(common: CommonStoreDefinition, operator: string): AnyStoreDefinition
  supplierOf(
    aggregator: ErasedAggregator,
    store: string,
    closing: WindowClosing,
  ): ProcessorSupplier<Erased, Erased, Erased, Erased>
  tableOf(store: AnyStoreDefinition): Pick<TableState, 'key' | 'windows'>
}

/** One of the streams where its records are to be aggregated. */
interface MemberInput extends CogroupMember {
  /** Of its operator. */
  readonly name: string
  readonly node: LogicalNode
}

const PREFIX = 'COGROUPKSTREAM-AGGREGATE-'

/** The table of an aggregation of several streams. */
export function cogroupedTable(members: CogroupMembers, request: CogroupRequest): KTable<Erased, Erased> {
  return new CogroupBuilder(members, request).build()
}

/** An operator for each stream, on one store that the first of them owns, and one that puts their results together. */
class CogroupBuilder {
  private readonly builder: GraphBuilder
  private readonly storeName: string

  constructor(
    private readonly members: CogroupMembers,
    private readonly request: CogroupRequest,
  ) {
    this.builder = members[0].grouping.state.builder
    this.storeName = request.options.store ?? this.builder.names.store(PREFIX)
  }

  build(): KTable<Erased, Erased> {
    const { builder } = this
    const inputs = this.members.map((member, index) => this.input(member, index))
    const store = this.store(inputs[0]!)
    const operators = inputs.map((input, index) =>
      this.operator(input, inputs, index === 0 ? store : undefined),
    )
    const node = builder.add({
      kind: 'operator',
      name: builder.names.operator('COGROUPKSTREAM-MERGE-', this.given('-cogroup-merge')),
      parents: operators as unknown as Parents,
      supplier: passThrough(),
      store: undefined,
      coPartitioned: operators,
    })
    const supply = new AggregateSupply(store)
    return new TableOf({ builder, node, value: store.value, supply, ...this.request.tableOf(store) })
  }

  private input(member: CogroupMember, index: number): MemberInput {
    const name = this.builder.names.operator(PREFIX, this.given(`-cogroup-agg-${index}`))
    return { ...member, name, node: member.grouping.input(this.storeName, name) }
  }

  private store({ grouping, name }: MemberInput): AnyStoreDefinition {
    const { call, options, storeOf } = this.request
    const value = new UnknownSerde('aggregates are of a type of their own')
    return storeOf(
      grouping.commonStore({ operator: name, call, options, value, storeName: this.storeName }),
      name,
    )
  }

  /** @param store set: it owns the store, and leads the others where windows are handed on at their close */
  private operator(
    input: MemberInput,
    all: readonly MemberInput[],
    store: AnyStoreDefinition | undefined,
  ): LogicalNode {
    const { builder, storeName, request } = this
    const { name, node, aggregator, late, grouping } = input
    const { emission } = request
    if (late !== undefined && emission === undefined) {
      builder.refuse(
        name,
        'late is given, and without windows no record is late',
        'leave it out, or add windowedBy()',
      )
    }
    const once = emission?.strategy === 'onWindowClose'
    const closing: WindowClosing = {
      allowed: emission?.allowed ?? 0,
      lateOutput: late === undefined ? undefined : lateName(name),
      led: once && store === undefined,
    }
    const operator = builder.add<LogicalNode>({
      kind: 'operator',
      name,
      parents: [node],
      // A window is one for all streams: with watermarks it is open until all of them are past it.
      awaits: all.filter((other) => other !== input).map((other) => other.node),
      supplier: request.supplierOf(aggregator, storeName, closing),
      store,
      uses: store === undefined ? [storeName] : [],
      timeStore: once ? storeName : undefined,
    })
    if (late !== undefined) addLateOutput(grouping.state, operator, late)
    return operator
  }

  private given(suffix: string): string | undefined {
    const { name } = this.request.options
    return name === undefined ? undefined : name + suffix
  }
}
