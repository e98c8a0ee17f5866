import { type Branch, branch } from '../../operators/branch.js'
import type { Predicate } from '../../operators/filter.js'
import { passThrough } from '../../operators/pass-through.js'
import type { Erased } from '../topology/logical-graph.js'
import type { BranchedKStream, Branches, BranchOptions } from './branched-kstream.js'
import type { KnownSerde } from './known-serdes.js'
import type { KStream } from './kstream.js'
import type { StreamState } from './stream-state.js'

/** A branch as the user asked for it. */
interface NamedBranch extends Branch<Erased, Erased> {
  /** Its name in the result. */
  readonly name: string
}

/** A split as far as it has come. */
interface SplitState {
  readonly stream: StreamState
  /** Name of the operator that splits. */
  readonly splitter: string
  readonly branches: readonly NamedBranch[]
}

/** A split as a view of what it will be; its nodes are made when it ends, and all branches are known. */
export class BranchedStreamOf<K, V, Known extends KnownSerde, Values>
  implements BranchedKStream<K, V, Known, Values>
{
  constructor(private readonly state: SplitState) {}

  branch(
    predicate: Predicate<Erased, Erased>,
    { name }: BranchOptions<string>,
  ): BranchedStreamOf<K, V, Known, Erased> {
    const { stream, splitter, branches } = this.state
    const added = { name, predicate, child: childName(this.state, name) }
    return new BranchedStreamOf({ stream, splitter, branches: [...branches, added] })
  }

  defaultBranch(options?: BranchOptions<string>): Branches<K, Erased, Known> {
    const name = options?.name ?? 'default'
    // Unnamed, the operator is called as in Kafka Streams, which numbers the default branch 0.
    return this.end({ name, child: childName(this.state, options?.name ?? '0') })
  }

  noDefaultBranch(): Branches<K, Values, Known> {
    return this.end(undefined)
  }

  private end(otherwise: Omit<NamedBranch, 'predicate'> | undefined): Branches<K, Erased, Known> {
    const { stream, splitter, branches } = this.state
    const { builder } = stream
    builder.closeSplit(splitter)
    const split = builder.add({
      kind: 'operator',
      name: splitter,
      parents: [stream.node],
      supplier: branch(branches, otherwise?.child),
      store: undefined,
    })
    const streams: Record<string, KStream<Erased, Erased>> = {}
    for (const { name, child } of otherwise === undefined ? branches : [...branches, otherwise]) {
      const node = builder.add({
        kind: 'operator',
        name: child,
        parents: [split],
        supplier: passThrough(),
        store: undefined,
      })
      streams[name] = builder.stream({ ...stream, node })
    }
    return streams as Branches<K, Erased, Known>
  }
}

/** The name of a branch's operator. It moves the counter on, as every operator does. */
function childName({ stream, splitter }: SplitState, name: string): string {
  return stream.builder.names.operator('', splitter + name)
}
