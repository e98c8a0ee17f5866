import { meets, type Predicate } from './filter.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'

/** One way that a record can take. */
export interface Branch<K, V> {
  readonly predicate: Predicate<K, V>
  /** Name of the child that gets the record. */
  readonly child: string
}

class BranchProcessor<K, V> implements Processor<K, V, K, V> {
  private context!: ProcessorContext<K, V>
  private children: readonly Downstream<K, V>[] = []
  private otherwise: Downstream<K, V> | undefined

  constructor(
    private readonly branches: readonly Branch<K, V>[],
    private readonly defaultChild: string | undefined,
  ) {}

  init(context: ProcessorContext<K, V>): void {
    this.context = context
    this.children = this.branches.map(({ child }) => context.child(child))
    this.otherwise = this.defaultChild === undefined ? undefined : context.child(this.defaultChild)
  }

  process(key: K, value: V, timestamp: number): void {
    this.choose(key, value)?.process(key, value, timestamp)
  }

  private choose(key: K, value: V): Downstream<K, V> | undefined {
    const { branches } = this
    try {
      for (let index = 0; index < branches.length; index++) {
        if (meets(branches[index]!.predicate, key, value)) return this.children[index]
      }
    } catch (cause) {
      throw this.context.userError(cause)
    }
    return this.otherwise
  }
}

/**
 * Sends each record down the first branch whose predicate it meets; without any, to the default child, or nowhere
 * if there is none (the user asked for that, so it is not counted as a drop).
 */
export const branch =
  <K, V>(branches: readonly Branch<K, V>[], defaultChild?: string): ProcessorSupplier<K, V, K, V> =>
  () =>
    new BranchProcessor(branches, defaultChild)
