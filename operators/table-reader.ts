import type {
  KeyValueStore,
  SpanStore,
  VersionEntry,
  VersionedStore,
  WindowStore,
} from '../src/state/store.js'
import type { AnyStoreDefinition } from '../src/state/store-definition.js'
import type { Windowed } from '../src/windows/window.js'
import type { ProcessorContext } from './processor.js'

// biome-ignore lint/suspicious/noExplicitAny: a view is opened in the context of an operator of any types.
type AnyContext = ProcessorContext<any, any>

/** Looks up rows of a table for another operator. One lookup at a time. */
export interface TableReader<K, V> {
  /** The value of a row as it is now, null where there is none. */
  find(key: K): V | null
  /** The value of a row as it was at a time; of tables that keep no versions, as it is now. */
  findAsOf(key: K, time: number): V | null
  /** Whether what a row was at a time may not be known any more. Absent: it keeps no versions. */
  forgets?(time: number): boolean
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

/** Of a table that keeps no versions of its rows. */
export abstract class PresentReader<K, V> implements TableReader<K, V> {
  foundAt = -1

  abstract find(key: K): V | null

  findAsOf(key: K): V | null {
    return this.find(key)
  }
}

class KeyValueReader<K, V> extends PresentReader<K, V> {
  constructor(private readonly store: KeyValueStore<K, V>) {
    super()
  }

  find(key: K): V | null {
    const row = this.store.get(key)
    this.foundAt = row === undefined ? -1 : row.timestamp
    return row?.value ?? null
  }
}

class WindowReader<K, V> extends PresentReader<Windowed<K>, V> {
  constructor(private readonly store: WindowStore<K, V>) {
    super()
  }

  find({ key, window }: Windowed<K>): V | null {
    const row = this.store.get(key, window.start)
    this.foundAt = row === undefined ? -1 : row.timestamp
    return row?.value ?? null
  }
}

class SpanReader<K, V> extends PresentReader<Windowed<K>, V> {
  constructor(
    private readonly store: SpanStore<K, V>,
    private readonly isSession: boolean,
  ) {
    super()
  }

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

class VersionedReader<K, V> implements TableReader<K, V> {
  foundAt = -1

  constructor(private readonly store: VersionedStore<K, V>) {}

  find(key: K): V | null {
    return this.found(this.store.latest(key))
  }

  findAsOf(key: K, time: number): V | null {
    return this.found(this.store.asOf(key, time))
  }

  forgets(time: number): boolean {
    return !this.store.keeps(time)
  }

  private found(version: VersionEntry<K, V> | undefined): V | null {
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
