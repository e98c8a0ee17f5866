import type { Serde } from '../serdes/serde.js'
import { type Erased, type LogicalRepartition, outputOf } from '../topology/logical-graph.js'
import type { OperatorOptions } from './operator-options.js'
import { repartitionNode, type StreamState } from './stream-state.js'

/** What a stream is given for a join. */
export type JoinInputOptions = OperatorOptions & {
  readonly key?: Serde<Erased> | undefined
  readonly value?: Serde<Erased> | undefined
}

/** One stream as the input of joins. */
export class JoinInput {
  /** The topic of joins without a name, which they share, as in Kafka Streams. */
  private shared: LogicalRepartition | undefined

  constructor(private readonly state: StreamState) {}

  /**
   * The stream with its records where their keys belong: through a topic if an operator changed the keys. The topic is
   * named after the join, or else after the stream.
   *
   * @param call how the user's call begins, for the cure in an error
   */
  partitioned(call: string, { key: givenKey, value: givenValue, name }: JoinInputOptions): StreamState {
    const { state } = this
    const { builder } = state
    const given = { key: givenKey ?? state.key, value: givenValue ?? state.value }
    if (!state.rekeyed) return { ...state, ...given }
    const operator = name ?? outputOf(state.node)
    const key = builder.serde({ operator, call, part: 'key', given: givenKey, known: state.key })
    const value = builder.serde({ operator, call, part: 'value', given: givenValue, known: state.value })
    const made = repartitionNode(state, { prefix: operator, key, value })
    if (name === undefined) this.shared ??= builder.add(made)
    const node = name === undefined ? this.shared! : builder.add(made)
    return { builder, node, key, value, rekeyed: false }
  }
}
