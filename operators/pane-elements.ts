import { NO_HEADERS } from '../src/serdes/record-headers.js'
import type { Serde } from '../src/serdes/serde.js'
import type { OrderedStore } from '../src/state/store.js'
import type { Window } from '../src/windows/window.js'
import { type Evictor, type EvictorContext, staying, type WindowElement } from './evictor.js'
import type { Pane } from './pane.js'
import type { Fired, PaneContents, PaneContentsSupplier } from './pane-contents.js'
import { synchronous } from './user-function.js'
import {
  type ElementGroup,
  type ElementKey,
  type ElementValue,
  elementGroup,
  type PaneElements,
} from './window-element.js'

/** What a window makes of its elements; null or undefined: nothing to hand on. */
export type WindowFunction<K, V, R> = (key: K, values: readonly V[], window: Window) => R | null | undefined

/** Windows that keep their elements. */
export interface ElementsOptions<K, V, R> {
  readonly apply: WindowFunction<K, V, R>
  readonly evictor: Evictor<V> | undefined
  /** Name of the store of elements, and the serde of the keys in it. */
  readonly store: string
  readonly key: Serde<K>
}

/** An element, and where it is. */
interface PlacedElement<V> extends WindowElement<V> {
  readonly group: number
  readonly number: number
}

/** A change of the store that is still to be made; without `value` a deletion. */
interface PendingChange<V> extends PlacedElement<V | undefined> {
  readonly deletes: boolean
}

class PaneElementsOf<K, V, R> implements PaneContents<K, V, PaneElements, R> {
  private readonly groupSerde: Serde<ElementGroup<K>>
  private key!: K
  /** Of the next element of the key. */
  private next = 0
  private readonly pending: PendingChange<V>[] = []

  constructor(
    private readonly options: ElementsOptions<K, V, R>,
    private readonly store: OrderedStore<ElementKey<K>, ElementValue<V>>,
  ) {
    this.groupSerde = elementGroup(options.key)
  }

  begin(key: K, panes: readonly Pane<PaneElements, unknown>[]): void {
    this.key = key
    this.next = 0
    for (const { value } of panes) this.next = Math.max(this.next, value?.next ?? 0)
    this.pending.length = 0
  }

  /** A group is numbered by its first element, which no other one of the key is, as long as it has elements. */
  add(value: V, timestamp: number, before: PaneElements | undefined): PaneElements {
    const number = this.next++
    const groups = before?.groups ?? [number]
    this.pending.push({ group: groups[0]!, number, value, timestamp, deletes: false })
    return { groups, next: this.next }
  }

  merge(values: readonly PaneElements[]): PaneElements {
    return {
      groups: values.flatMap(({ groups }) => groups),
      next: Math.max(...values.map(({ next }) => next)),
    }
  }

  fire(value: PaneElements, context: EvictorContext): Fired<PaneElements, R> {
    const { apply, evictor } = this.options
    const elements = this.elementsOf(value)
    const before = staying(elements, evictor?.evictBefore?.(elements, context))
    const values = before.map((element) => element.value)
    const result = synchronous(apply(this.key, values, context.window)) ?? undefined
    const left = staying(before, evictor?.evictAfter?.(before, context))
    return { result, left: left.length === elements.length ? value : this.withOnly(left, elements, value) }
  }

  drop(value: PaneElements): void {
    for (const element of this.elementsOf(value)) this.delete(element)
  }

  keep(): void {
    const { store, key, pending } = this
    for (const { group, number, value, timestamp, deletes } of pending) {
      const row = store.entry({ key, group, number })
      if (!deletes) store.write(row, { value: value as V }, timestamp, NO_HEADERS)
      else if (row.value !== undefined) store.write(row, undefined, timestamp, NO_HEADERS)
    }
    pending.length = 0
  }

  /** In the order in which they came. */
  private elementsOf({ groups }: PaneElements): readonly PlacedElement<V>[] {
    const { store, key, groupSerde, pending } = this
    const elements: PlacedElement<V>[] = []
    for (const group of groups) {
      for (const row of store.prefix({ key, group }, groupSerde)) {
        elements.push({ group, number: row.key.number, value: row.value!.value, timestamp: row.timestamp })
      }
    }
    const deleted = new Set<number>()
    for (const change of pending) {
      if (!groups.includes(change.group)) continue
      if (change.deletes) deleted.add(change.number)
      else elements.push(change as PlacedElement<V>)
    }
    const kept = deleted.size === 0 ? elements : elements.filter(({ number }) => !deleted.has(number))
    return groups.length === 1 ? kept : kept.sort((one, other) => one.number - other.number)
  }

  private withOnly(
    left: readonly PlacedElement<V>[],
    elements: readonly PlacedElement<V>[],
    { next }: PaneElements,
  ): PaneElements | undefined {
    const stays = new Set(left)
    for (const element of elements) {
      if (!stays.has(element)) this.delete(element)
    }
    return left.length === 0 ? undefined : { groups: [...new Set(left.map(({ group }) => group))], next }
  }

  private delete({ group, number, timestamp }: PlacedElement<V>): void {
    this.pending.push({ group, number, value: undefined, timestamp, deletes: true })
  }
}

/**
 * Windows keep their elements, each a row of a store, in the order in which they came. When a window fires, the evictor says
 * which of them stay, and a function makes a result of them, as in Flink's evicting window operator.
 */
export const paneElementsOf =
  <K, V, R>(options: ElementsOptions<K, V, R>): PaneContentsSupplier<K, V, PaneElements, R> =>
  (context) =>
    new PaneElementsOf(options, context.store(options.store))
