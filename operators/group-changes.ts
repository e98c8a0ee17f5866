import type { Change } from './change.js'
import type { KeyValueMapper } from './map.js'
import { type KeyValue, requireKeyValue } from './map.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'

class GroupChangesProcessor<K, V, KR, VR> implements Processor<K, Change<V>, KR, Change<VR>> {
  private context!: ProcessorContext<KR, Change<VR>>
  private downstream!: Downstream<KR, Change<VR>>

  constructor(
    private readonly selector: KeyValueMapper<K, V, KR | null, VR | null>,
    private readonly sameGroup: (left: KR, right: KR) => boolean,
  ) {}

  init(context: ProcessorContext<KR, Change<VR>>): void {
    this.context = context
    this.downstream = context.downstream
  }

  process(key: K, { newValue, oldValue, fresh, outOfOrder }: Change<V>, timestamp: number): void {
    if (outOfOrder === true) {
      this.context.dropped('out-of-order')
      return
    }
    const after = this.grouped(key, newValue)
    const before = fresh === true ? undefined : this.grouped(key, oldValue)
    if (before !== undefined && after !== undefined && this.sameGroup(before[0], after[0])) {
      this.downstream.process(before[0], { newValue: after[1], oldValue: before[1] }, timestamp)
      return
    }
    if (before !== undefined)
      this.downstream.process(before[0], { newValue: null, oldValue: before[1] }, timestamp)
    if (after !== undefined)
      this.downstream.process(after[0], { newValue: after[1], oldValue: null }, timestamp)
  }

  /** Group and value of a row; undefined where it belongs to no group. */
  private grouped(key: K, value: V | null): KeyValue<KR, VR> | undefined {
    if (value === null) return undefined
    try {
      const mapped = this.selector(key, value)
      requireKeyValue(mapped)
      const [group, part] = mapped
      return group === null || group === undefined || part === null || part === undefined
        ? undefined
        : (mapped as KeyValue<KR, VR>)
    } catch (cause) {
      throw this.context.userError(cause)
    }
  }
}

/**
 * Sends the changes of a table to the groups that its rows belong to: the group of the old row loses it, then that of
 * the new row gains it; within one group both is one change (KIP-904). A row whose group or value is null is in none.
 * Older versions of rows of versioned tables are in none either.
 */
export const groupChanges =
  <K, V, KR, VR>(
    selector: KeyValueMapper<K, V, KR | null, VR | null>,
    sameGroup: (left: KR, right: KR) => boolean,
  ): ProcessorSupplier<K, Change<V>, KR, Change<VR>> =>
  () =>
    new GroupChangesProcessor(selector, sameGroup)
