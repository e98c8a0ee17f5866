import { joinWindow, joinWindowSize } from '../../operators/join-window.js'
import { passThrough } from '../../operators/pass-through.js'
import {
  type StreamJoin,
  type StreamJoiner,
  streamJoinLeft,
  streamJoinRight,
} from '../../operators/stream-join.js'
import { streamSelfJoin } from '../../operators/stream-self-join.js'
import { unmatchedKey, unmatchedValues } from '../../operators/unmatched-key.js'
import type { Serde } from '../serdes/serde.js'
import { valueList } from '../serdes/value-list.js'
import type { AnyStoreDefinition } from '../state/store-definition.js'
import {
  type Erased,
  type LogicalNode,
  type LogicalOperator,
  outputOf,
  type SelfJoin,
} from '../topology/logical-graph.js'
import type { JoinBounds } from '../windows/join-windows.js'
import type { GraphBuilder } from './graph-builder.js'
import type { JoinInput } from './join-input.js'
import { addLateOutput, lateName } from './late-output.js'
import type { StreamJoinOptions } from './operator-options.js'
import { storeKeeping } from './store-keeping.js'
import { type StreamState, withNewValue } from './stream-state.js'

type GivenOptions = StreamJoinOptions<Erased, Erased, Erased, Erased, Erased>

/** Which records a join keeps that meet none. */
export type JoinKind = 'join' | 'leftJoin' | 'outerJoin'

/** One of the streams, as it is and as joins read it. */
export interface JoinedStream {
  readonly state: StreamState
  readonly input: JoinInput
}

/** Two streams to be joined. */
export interface StreamJoinRequest {
  readonly kind: JoinKind
  /** How the user's call begins, for the cure in an error. */
  readonly call: string
  readonly left: JoinedStream
  readonly right: JoinedStream
  readonly joiner: StreamJoiner<Erased, Erased, Erased, Erased>
  readonly windows: JoinBounds
  readonly options: GivenOptions
}

/** A key is kept in so many pieces on disk: a record rewrites one, and a join reads those that its window reaches. */
const PIECES_PER_RETENTION = 4

/** The parts of a join by their names; what has none of the user's is named as Kafka Streams names it. */
interface JoinNames {
  readonly leftWindowed: string
  readonly rightWindowed: string
  readonly left: string
  readonly right: string
  readonly merge: string
  readonly leftStore: string
  readonly rightStore: string
  readonly unmatchedStore: string
}

/** The stream of the results of a join; see {@link KStream.join}. */
export function joinStreams(request: StreamJoinRequest): StreamState {
  return new StreamJoinBuilder(request).build()
}

class StreamJoinBuilder {
  private readonly serdes: {
    readonly key: Serde<Erased>
    readonly left: Serde<Erased>
    readonly right: Serde<Erased>
  }
  private readonly builder: GraphBuilder
  /** Both streams as they come out of their repartition topics. */
  private readonly left: StreamState
  private readonly right: StreamState
  private readonly names: JoinNames
  private readonly keepsLeft: boolean
  private readonly keepsRight: boolean

  constructor(private readonly request: StreamJoinRequest) {
    const { kind, left, right, options } = request
    this.builder = left.state.builder
    this.keepsLeft = kind !== 'join'
    this.keepsRight = kind === 'outerJoin'
    this.serdes = this.requiredSerdes()
    this.left = this.partitioned(left, this.serdes.left, 'left')
    this.right = this.partitioned(right, this.serdes.right, 'right')
    this.names = this.joinNames(options)
  }

  build(): StreamState {
    const { builder, serdes } = this
    const node = this.join()
    return withNewValue({ builder, node, key: serdes.key, value: serdes.left, rekeyed: false })
  }

  private join(): LogicalNode {
    const { names, keepsLeft, keepsRight, serdes } = this
    const { joiner, windows } = this.request
    const leftStore = this.windowStore(names.leftStore, serdes.left)
    const rightStore = this.windowStore(names.rightStore, serdes.right)
    const { late, otherLate } = this.request.options
    const leftKept = this.windowed(names.leftWindowed, this.left, leftStore, this.right, late)
    const rightKept = this.windowed(names.rightWindowed, this.right, rightStore, this.left, otherLate)
    const unmatched = keepsLeft ? this.unmatchedStore() : undefined
    const join: StreamJoin<Erased, Erased, Erased, Erased> = {
      windows,
      joiner,
      leftStore: leftStore.name,
      rightStore: rightStore.name,
      keepsLeft,
      keepsRight,
      unmatchedStore: unmatched,
    }
    const uses = (store: AnyStoreDefinition) => [store.name, ...(unmatched === undefined ? [] : [unmatched])]
    // Both sides share the time up to which they have looked for records that meet none.
    const fromLeft = this.operator({
      name: names.left,
      parents: [leftKept],
      awaits: [rightKept],
      supplier: streamJoinLeft(join),
      uses: uses(rightStore),
      timeStore: unmatched,
      takesNullKeys: keepsLeft,
    })
    const fromRight = this.operator({
      name: names.right,
      parents: [rightKept],
      awaits: [leftKept],
      supplier: streamJoinRight(join),
      uses: uses(leftStore),
      timeStore: unmatched,
      takesNullKeys: keepsRight,
    })
    const merged = this.operator({
      name: names.merge,
      parents: [fromLeft, fromRight],
      supplier: passThrough(),
      coPartitioned: [this.left.node, this.right.node],
      ...(!keepsLeft &&
        otherLate === undefined && { selfJoin: this.selfJoin(leftKept, rightKept, [fromLeft, fromRight]) }),
    })
    if (late !== undefined) addLateOutput(this.left, leftKept, late)
    if (otherLate !== undefined) addLateOutput(this.right, rightKept, otherLate)
    return merged
  }

  /** What an inner join is where both streams are one, and one store is to be enough (KIP-862). */
  private selfJoin(
    left: LogicalOperator,
    right: LogicalOperator,
    ends: readonly LogicalOperator[],
  ): SelfJoin {
    const { windows, joiner } = this.request
    const store = left.store!.name
    return { supplier: streamSelfJoin(windows, joiner, store), uses: [store], left, right, ends }
  }

  /**
   * @param other the stream whose records meet those that are kept
   * @param late who asked for late records
   */
  private windowed(
    name: string,
    { node }: StreamState,
    store: AnyStoreDefinition,
    other: StreamState,
    late: unknown,
  ): LogicalOperator {
    const output = late === undefined ? undefined : lateName(name)
    const supplier = joinWindow(store.name, this.request.windows, output)
    return this.operator({ name, parents: [node], awaits: [other.node], supplier, store })
  }

  private operator(
    node: Omit<LogicalOperator, 'kind' | 'store'> & Partial<LogicalOperator>,
  ): LogicalOperator {
    return this.builder.add({ kind: 'operator', store: undefined, ...node })
  }

  private windowStore(name: string, value: Serde<Erased>): AnyStoreDefinition {
    const { windows } = this.request
    return {
      kind: 'rangedWindow',
      ...this.keeping,
      name,
      key: this.serdes.key,
      value: valueList(value),
      windowSize: joinWindowSize(windows),
      retention: windows.retention,
      segment: Math.ceil(windows.retention / PIECES_PER_RETENTION),
    }
  }

  /** Adds the store of both sides; gives its name. */
  private unmatchedStore(): string {
    const { key, left, right } = this.serdes
    const name = this.names.unmatchedStore
    const definition: AnyStoreDefinition = {
      kind: 'keyValue',
      ...this.keeping,
      name,
      key: unmatchedKey(key),
      value: unmatchedValues(left, right),
      ordered: true,
    }
    this.builder.addStore({ name, definition })
    return name
  }

  private get keeping() {
    return { ...storeKeeping(this.request.options), caching: false }
  }

  private partitioned({ input }: JoinedStream, value: Serde<Erased>, side: 'left' | 'right'): StreamState {
    const { name } = this.request.options
    const topic = name === undefined ? undefined : `${name}-${side}`
    return input.partitioned(this.request.call, { key: this.serdes.key, value, name: topic })
  }

  private requiredSerdes() {
    const { builder } = this
    const { call, left, right, options } = this.request
    const inputs = `${outputOf(left.state.node)} and ${outputOf(right.state.node)}`
    const operator = options.name ?? `${call.slice(0, call.indexOf('('))} of ${inputs}`
    const [given, other] = [options.value, options.otherValue]
    return {
      key: builder.serde({ operator, call, part: 'key', given: options.key, known: left.state.key }),
      left: builder.serde({ operator, call, part: 'value', given, known: left.state.value }),
      right: builder.serde({ operator, call, part: 'otherValue', given: other, known: right.state.value }),
    }
  }

  private joinNames({ name, store }: GivenOptions): JoinNames {
    const { names } = this.builder
    const { keepsLeft, keepsRight } = this
    const leftSuffix = keepsRight ? '-outer-this-join' : '-this-join'
    const rightSuffix = keepsLeft ? '-outer-other-join' : '-other-join'
    const given = (suffix: string) => (name === undefined ? undefined : name + suffix)
    const leftWindowed = names.operator('KSTREAM-WINDOWED-', given('-this-windowed'))
    const rightWindowed = names.operator('KSTREAM-WINDOWED-', given('-other-windowed'))
    const leftPrefix = keepsRight ? 'KSTREAM-OUTERTHIS-' : 'KSTREAM-JOINTHIS-'
    const left = names.operator(leftPrefix)
    const right = names.operator(keepsLeft ? 'KSTREAM-OUTEROTHER-' : 'KSTREAM-JOINOTHER-')
    const shared = keepsRight ? '-outer-shared-join' : '-left-shared-join'
    return {
      leftWindowed,
      rightWindowed,
      left: given(leftSuffix) ?? left,
      right: given(rightSuffix) ?? right,
      merge: names.operator('KSTREAM-MERGE-', given('-merge')),
      leftStore: `${store === undefined ? left : store + leftSuffix}-store`,
      rightStore: `${store === undefined ? right : store + rightSuffix}-store`,
      unmatchedStore: `${store === undefined ? `KSTREAM-OUTERSHARED-${left.slice(leftPrefix.length)}` : store + shared}-store`,
    }
  }
}
