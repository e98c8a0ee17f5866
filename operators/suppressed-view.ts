import type { KeyValueStore } from '../src/state/store.js'
import type { BufferedChange } from './buffered-change.js'
import { PresentReader, type TableReader, type TableView } from './table-reader.js'

class SuppressedReader<K, V> extends PresentReader<K, V> {
  constructor(
    private readonly rows: TableReader<K, V>,
    private readonly buffer: KeyValueStore<K, BufferedChange<V>>,
  ) {
    super()
  }

  find(key: K): V | null {
    const held = this.buffer.get(key)?.value
    if (held === undefined || held.final) {
      const value = this.rows.find(key)
      this.foundAt = this.rows.foundAt
      return value
    }
    // The buffer does not keep when that was; Kafka Streams' does not either.
    this.foundAt = -1
    return held.oldValue
  }

  close(): void {
    this.rows.close?.()
  }
}

/** The rows of a suppressed table: of those that wait with a change, what was handed on before it. */
export const suppressedView = <K, V>(view: TableView<K, V>, buffer: string): TableView<K, V> => ({
  stores: [...view.stores, buffer],
  open: (context) => new SuppressedReader(view.open(context), context.store(buffer)),
})
