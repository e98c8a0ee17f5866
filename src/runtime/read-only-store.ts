import type { Serde } from '../serdes/serde.js'
import type { KeyValueStore, OrderedStore, StateStore, StoreEntry } from '../state/store.js'
import { StreamsError } from './streams-error.js'

/** A store that others write, as processors of tasks have it. */
class ReadOnlyStore<K, V> implements OrderedStore<K, V> {
  readonly name: string
  readonly cached = false

  /** @param refused the error's code, and why nothing is written */
  constructor(
    private readonly store: OrderedStore<K, V>,
    private readonly refused: { readonly code: string; readonly why: string },
  ) {
    this.name = store.name
  }

  get(key: K): StoreEntry<K, V> | undefined {
    return this.store.get(key)
  }

  range(from: K | undefined, to: K | undefined, reverse?: boolean): IterableIterator<StoreEntry<K, V>> {
    return this.store.range(from, to, reverse)
  }

  prefix<P>(prefix: P, serde: Serde<P>, reverse?: boolean): IterableIterator<StoreEntry<K, V>> {
    return this.store.prefix(prefix, serde, reverse)
  }

  next(after: K | undefined): K | undefined {
    return this.store.next(after)
  }

  get count(): number {
    return this.store.count
  }

  get observedTime(): number {
    return this.store.observedTime
  }

  entry(): never {
    return this.refuse()
  }

  write(): never {
    return this.refuse()
  }

  onFlush(): never {
    return this.refuse()
  }

  observeTime(): never {
    return this.refuse()
  }

  private refuse(): never {
    const { code, why } = this.refused
    throw new StreamsError(code, `store ${this.name} ${why}; send what is to be in it to its topic`)
  }
}

/** The view of a global store for processors of tasks. */
export const readOnly = (store: StateStore): KeyValueStore<unknown, unknown> =>
  new ReadOnlyStore(store as OrderedStore<unknown, unknown>, {
    code: 'GLOBAL_STORE_READ_ONLY',
    why: 'is global: tasks read it, and the processor of addGlobalStore() writes it',
  })

/** The view of a store of `addReadOnlyStateStore()` for processors. */
export const readOnlyTopic = (store: StateStore): KeyValueStore<unknown, unknown> =>
  new ReadOnlyStore(store as OrderedStore<unknown, unknown>, {
    code: 'STORE_READ_ONLY',
    why: 'holds what is in a topic: processors read it',
  })
