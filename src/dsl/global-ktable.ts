/**
 * A topic as a table that every instance has all of, whatever its partitions: what streams are joined with by any key,
 * without co-partitioning. It is read up to its end before anything is processed, and then kept up to date, by each
 * thread for itself. Its changes give no results; it is looked up only.
 *
 * @template K keys of the rows
 * @template V values of the rows
 */
export interface GlobalKTable<K, V> {
  /** Name of its store, for `KafkaStreams.store()`. */
  readonly storeName: string
  /** For types only: never set. */
  readonly row?: readonly [key: K, value: V]
}
