import type { KeySelector } from '../../operators/select-key.js'
import { toStream } from '../../operators/to-stream.js'
import type { Serde } from '../serdes/serde.js'
import type { Erased, LogicalNode } from '../topology/logical-graph.js'
import type { Synchronous } from './functions.js'
import type { GraphBuilder } from './graph-builder.js'
import type { KnownSerde } from './known-serdes.js'
import type { KStream } from './kstream.js'
import type { KTable } from './ktable.js'
import type { OperatorOptions } from './operator-options.js'

/** What a table is made of. */
export interface TableState {
  readonly builder: GraphBuilder
  readonly node: LogicalNode
  readonly key: Serde<Erased>
  readonly value: Serde<Erased>
}

/** A table as a view of the node that makes it. */
export class TableOf<K, V, Known extends KnownSerde> implements KTable<K, V, Known> {
  constructor(private readonly state: TableState) {}

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
}
