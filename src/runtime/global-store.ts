import type { Serde } from '../serdes/serde.js'
import type { KeyValueStore, OrderedStore, StateStore, StoreEntry } from '../state/store.js'
import { StreamsError } from './streams-error.js'

/** A global store as the processors of tasks have it: they read it, and its own processor writes it. */
class ReadOnlyGlobalStore<K, V> implements OrderedStore<K, V> {
  readonly name: string
  readonly cached = false

  constructor(private readonly store: OrderedStore<K, V>) {
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
    throw new StreamsError(
      'GLOBAL_STORE_READ_ONLY',
      `store ${this.name} is global: tasks read it, and the processor of addGlobalStore() writes it; send what is to ` +
        'be in it to its topic',
    )
  }
}

/** The view of a global store for processors of tasks. */
export const readOnly = (store: StateStore): KeyValueStore<unknown, unknown> =>
  new ReadOnlyGlobalStore(store as OrderedStore<unknown, unknown>)
