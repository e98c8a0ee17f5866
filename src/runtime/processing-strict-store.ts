import { ByteWriter } from '../serdes/byte-writer.js'
import { deepFreeze } from '../serdes/deep-readonly.js'
import type { RecordHeaders } from '../serdes/record-headers.js'
import type { Serde } from '../serdes/serde.js'
import type {
  CacheFlushListener,
  FinalStore,
  KeyValueStore,
  OrderedSpanStore,
  OrderedStore,
  SpanEntry,
  SpanStore,
  StateStore,
  StoreEntry,
  TimeOrderedStore,
  VersionEntry,
  VersionedStore,
  WindowStore,
} from '../state/store.js'
import { type AnyStoreDefinition, hasBuckets } from '../state/store-definition.js'

/** Values as they come from their bytes, frozen. */
class StrictValues<V> {
  private readonly writer = new ByteWriter()

  constructor(private readonly serde: Serde<V>) {}

  reread(value: V): V {
    const { serde, writer } = this
    deepFreeze(value)
    writer.reset()
    serde.serialize(value, writer)
    const bytes = writer.copy()
    return deepFreeze(serde.deserialize(bytes, 0, bytes.length))
  }
}

/**
 * A store in which every value goes through its serde when it is written, and is frozen.
 *
 * In production a value that was just written is the same object when it is read again, and comes from its bytes
 * after it was evicted. A program must not depend on which of the two happens; here it always meets the second, and
 * whoever changes a value that the store shares fails at once.
 */
abstract class StrictStore<K, V, S extends KeyValueStore<K, V> | WindowStore<K, V> | SpanStore<K, V>> {
  readonly name: string
  readonly cached: boolean
  private readonly strict: StrictValues<V>

  constructor(
    protected readonly store: S,
    serde: Serde<V>,
  ) {
    this.name = store.name
    this.cached = store.cached
    this.strict = new StrictValues(serde)
  }

  onFlush(listener: CacheFlushListener<K, V>): void {
    this.store.onFlush(listener)
  }

  write(entry: StoreEntry<K, V>, value: V | undefined, timestamp: number, headers: RecordHeaders): void {
    this.store.write(entry, value === undefined ? undefined : this.strict.reread(value), timestamp, headers)
  }
}

const frozen = <E extends StoreEntry<unknown, unknown> | undefined>(entry: E): E => {
  deepFreeze(entry?.value)
  return entry
}

class StrictKeyValueStore<K, V>
  extends StrictStore<K, V, KeyValueStore<K, V>>
  implements KeyValueStore<K, V>
{
  get(key: K): StoreEntry<K, V> | undefined {
    return frozen(this.store.get(key))
  }

  entry(key: K): StoreEntry<K, V> {
    return frozen(this.store.entry(key))
  }
}

class StrictOrderedStore<K, V> extends StrictKeyValueStore<K, V> implements OrderedStore<K, V> {
  constructor(
    private readonly ordered: OrderedStore<K, V>,
    serde: Serde<V>,
  ) {
    super(ordered, serde)
  }

  *range(from: K | undefined, to: K | undefined, reverse?: boolean): IterableIterator<StoreEntry<K, V>> {
    for (const entry of this.ordered.range(from, to, reverse)) yield frozen(entry)
  }

  *prefix<P>(prefix: P, serde: Serde<P>, reverse?: boolean): IterableIterator<StoreEntry<K, V>> {
    for (const entry of this.ordered.prefix(prefix, serde, reverse)) yield frozen(entry)
  }

  get observedTime(): number {
    return this.ordered.observedTime
  }

  observeTime(time: number): void {
    this.ordered.observeTime(time)
  }

  next(after: K | undefined): K | undefined {
    return this.ordered.next(after)
  }

  get count(): number {
    return this.ordered.count
  }
}

class StrictTimeOrderedStore<K, V> extends StrictKeyValueStore<K, V> implements TimeOrderedStore<K, V> {
  constructor(
    private readonly ordered: TimeOrderedStore<K, V>,
    serde: Serde<V>,
  ) {
    super(ordered, serde)
  }

  first(): StoreEntry<K, V> | undefined {
    return frozen(this.ordered.first())
  }

  firstNote(): StoreEntry<K, V> | undefined {
    return frozen(this.ordered.firstNote())
  }

  get waiting(): number {
    return this.ordered.waiting
  }

  get waitingBytes(): number {
    return this.ordered.waitingBytes
  }
}

class StrictSpanStore<K, V> extends StrictStore<K, V, SpanStore<K, V>> implements SpanStore<K, V> {
  range(key: K, from: number, to: number): readonly SpanEntry<K, V>[] {
    const found = this.store.range(key, from, to)
    for (const entry of found) frozen(entry)
    return found
  }

  get finals(): FinalStore<K, V> | undefined {
    return this.store.finals
  }

  get observedTime(): number {
    return this.store.observedTime
  }

  observeTime(time: number): void {
    this.store.observeTime(time)
  }

  expireBy(position: number): void {
    this.store.expireBy(position)
  }

  span(key: K, start: number, end: number): SpanEntry<K, V> | undefined {
    return frozen(this.store.span(key, start, end))
  }
}

class StrictVersionedStore<K, V> implements VersionedStore<K, V> {
  readonly name: string
  private readonly strict: StrictValues<V>

  constructor(
    private readonly store: VersionedStore<K, V>,
    serde: Serde<V>,
  ) {
    this.name = store.name
    this.strict = new StrictValues(serde)
  }

  get observedTime(): number {
    return this.store.observedTime
  }

  observeTime(time: number): void {
    this.store.observeTime(time)
  }

  latest(key: K): VersionEntry<K, V> | undefined {
    return frozen(this.store.latest(key))
  }

  asOf(key: K, time: number): VersionEntry<K, V> | undefined {
    return frozen(this.store.asOf(key, time))
  }

  keeps(time: number): boolean {
    return this.store.keeps(time)
  }

  validTo(version: VersionEntry<K, V>): number {
    return this.store.validTo(version)
  }

  put(key: K, value: V | null, timestamp: number): number {
    return this.store.put(key, value === null ? null : this.strict.reread(value), timestamp)
  }
}

class StrictOrderedSpanStore<K, V> extends StrictSpanStore<K, V> implements OrderedSpanStore<K, V> {
  constructor(
    private readonly ordered: OrderedSpanStore<K, V>,
    serde: Serde<V>,
  ) {
    super(ordered, serde)
  }

  keys(from: K | undefined, to: K | undefined, earliest: number, reverse?: boolean): IterableIterator<K> {
    return this.ordered.keys(from, to, earliest, reverse)
  }
}

class StrictWindowStore<K, V> extends StrictStore<K, V, WindowStore<K, V>> implements WindowStore<K, V> {
  get finals(): FinalStore<K, V> | undefined {
    return this.store.finals
  }

  get observedTime(): number {
    return this.store.observedTime
  }

  observeTime(time: number): void {
    this.store.observeTime(time)
  }

  expireBy(position: number): void {
    this.store.expireBy(position)
  }

  get(key: K, windowStart: number): StoreEntry<K, V> | undefined {
    return frozen(this.store.get(key, windowStart))
  }

  entry(key: K, windowStart: number): StoreEntry<K, V> | undefined {
    return frozen(this.store.entry(key, windowStart))
  }
}

/** The store with strict values. */
export function strict(store: StateStore, definition: AnyStoreDefinition): StateStore {
  if (definition.kind === 'keyValue' && definition.ordered === true) {
    return new StrictOrderedStore(store as OrderedStore<unknown, unknown>, definition.value)
  }
  if (definition.kind === 'keyValue' && definition.timeOrder !== undefined) {
    return new StrictTimeOrderedStore(store as TimeOrderedStore<unknown, unknown>, definition.value)
  }
  if (hasBuckets(definition)) {
    if (definition.ordered === true) {
      return new StrictOrderedSpanStore(store as OrderedSpanStore<unknown, unknown>, definition.value)
    }
    return new StrictSpanStore(store as SpanStore<unknown, unknown>, definition.value)
  }
  if (definition.kind === 'versioned') {
    return new StrictVersionedStore(store as VersionedStore<unknown, unknown>, definition.value)
  }
  return definition.kind === 'window'
    ? new StrictWindowStore(store as WindowStore<unknown, unknown>, definition.value)
    : new StrictKeyValueStore(store as KeyValueStore<unknown, unknown>, definition.value)
}
