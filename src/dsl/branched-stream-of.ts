import { type Branch, branch } from '../../operators/branch.js'
import type { Predicate } from '../../operators/filter.js'
import { passThrough } from '../../operators/pass-through.js'
import type { Erased, LogicalNode } from '../topology/logical-graph.js'
import type { BranchedKStream, BranchOptions } from './branched-kstream.js'
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

/**
 * A split as a view of what it will be; its nodes are made when it ends, and all branches are known. Untyped: its type
 * grows with every branch.
 */
export class BranchedStreamOf implements BranchedKStream<Erased, Erased, Erased, Erased> {
  constructor(private readonly state: SplitState) {}

  branch(predicate: Predicate<Erased, Erased>, { name }: BranchOptions<string>): BranchedStreamOf {
    const { stream, splitter, branches } = this.state
    const added = { name, predicate, child: childName(this.state, name) }
    return new BranchedStreamOf({ stream, splitter, branches: [...branches, added] })
  }

  defaultBranch(options?: BranchOptions<string>): Erased {
    const name = options?.name ?? 'default'
    // Unnamed, the operator is called as in Kafka Streams, which numbers the default branch 0.
    return this.end({ name, child: childName(this.state, options?.name ?? '0') })
  }

  noDefaultBranch(): Erased {
    return this.end(undefined)
  }

  private end(otherwise: Omit<NamedBranch, 'predicate'> | undefined): Record<string, Erased> {
    const { stream, splitter, branches } = this.state
    const { builder } = stream
    builder.closeSplit(splitter)
    const supplier = branch(branches, otherwise?.child)
    const split = builder.add({
      kind: 'operator',
      name: splitter,
      parents: [stream.node],
      supplier,
      store: undefined,
      effect: 'passes',
    })
    const ends = otherwise === undefined ? branches : [...branches, otherwise]
    return Object.fromEntries(ends.map(({ name, child }) => [name, branchStream(stream, split, child)]))
  }
}

function branchStream(stream: StreamState, split: LogicalNode, name: string): KStream<Erased, Erased> {
  const { builder } = stream
  const supplier = passThrough()
  const node = builder.add({
    kind: 'operator',
    name,
    parents: [split],
    supplier,
    store: undefined,
    effect: 'passes',
  })
  return builder.stream({ ...stream, node })
}

/** The name of a branch's operator. It moves the counter on, as every operator does. */
function childName({ stream, splitter }: SplitState, name: string): string {
  return stream.builder.names.operator('', splitter + name)
}
