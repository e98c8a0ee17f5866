import type { KeyValueStore, SpanStore, VersionedStore, WindowStore } from '../src/state/store.js'
import type { AnyStoreDefinition } from '../src/state/store-definition.js'
import type { Windowed } from '../src/windows/window.js'
import type { ProcessorContext } from './processor.js'

// biome-ignore lint/suspicious/noExplicitAny: a view is opened in the context of an operator of any types.
type AnyContext = ProcessorContext<any, any>

/** Looks up rows of a table for another operator, as they are now. One lookup at a time. */
export interface TableReader<K, V> {
  /** The value of a row, null where there is none. */
  find(key: K): V | null
  /** Timestamp of the row that was looked up last; -1 where there was none. */
  readonly foundAt: number
  close?(): void
}

/** How other operators look up the rows of a table. */
export interface TableView<K, V> {
  /** Names of the stores that a lookup reads: an operator that opens the view is to be connected to them. */
  readonly stores: readonly string[]
  open(context: AnyContext): TableReader<K, V>
}

class KeyValueReader<K, V> implements TableReader<K, V> {
  foundAt = -1

  constructor(private readonly store: KeyValueStore<K, V>) {}

  find(key: K): V | null {
    const row = this.store.get(key)
    this.foundAt = row === undefined ? -1 : row.timestamp
    return row?.value ?? null
  }
}

class WindowReader<K, V> implements TableReader<Windowed<K>, V> {
  foundAt = -1

  constructor(private readonly store: WindowStore<K, V>) {}

  find({ key, window }: Windowed<K>): V | null {
    const row = this.store.get(key, window.start)
    this.foundAt = row === undefined ? -1 : row.timestamp
    return row?.value ?? null
  }
}

class SpanReader<K, V> implements TableReader<Windowed<K>, V> {
  foundAt = -1

  constructor(
    private readonly store: SpanStore<K, V>,
    private readonly isSession: boolean,
  ) {}

  find({ key, window }: Windowed<K>): V | null {
    const position = this.isSession ? window.end : window.start
    for (const row of this.store.range(key, position, position)) {
      if (row.windowStart !== window.start) continue
      this.foundAt = row.timestamp
      return row.value ?? null
    }
    this.foundAt = -1
    return null
  }
}

/** Looks up the latest versions of rows. */
class VersionedReader<K, V> implements TableReader<K, V> {
  foundAt = -1

  constructor(private readonly store: VersionedStore<K, V>) {}

  find(key: K): V | null {
    const version = this.store.latest(key)
    this.foundAt = version === undefined ? -1 : version.timestamp
    return version?.value ?? null
  }
}

/** The rows that a store has. */
export const storeView = ({ name, kind }: AnyStoreDefinition): TableView<unknown, unknown> => ({
  stores: [name],
  open: (context): TableReader<unknown, unknown> => {
    switch (kind) {
      case 'keyValue':
        return new KeyValueReader(context.store<KeyValueStore<unknown, unknown>>(name))
      case 'versioned':
        return new VersionedReader(context.store<VersionedStore<unknown, unknown>>(name))
      case 'window':
        return new WindowReader(context.store<WindowStore<unknown, unknown>>(name)) as TableReader<
          unknown,
          unknown
        >
      default:
        return new SpanReader(
          context.store<SpanStore<unknown, unknown>>(name),
          kind === 'session',
        ) as TableReader<unknown, unknown>
    }
  },
})
