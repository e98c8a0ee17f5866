import type { Synchronous } from './functions.js'
import type { KnownSerde } from './known-serdes.js'
import type { KStream } from './kstream.js'
import type { OperatorOptions } from './operator-options.js'

/**
 * A table: the latest value of each key, changing over time. A null value says that a key's row was deleted.
 */
export interface KTable<K, V, Known extends KnownSerde = KnownSerde> {
  /**
   * The table's changes as a stream. With a function, each change gets a new key (as `toStream().selectKey()`).
   *
   * @example
   * ```ts
   * table.toStream().to('changes')
   * windowed.toStream(({ key, window }) => `${key}@${window.start}`)
   * ```
   */
  toStream<KR>(
    selector: (key: K, value: V) => Synchronous<KR>,
    options?: OperatorOptions,
  ): KStream<KR, V, Exclude<Known, 'key'>>
  toStream(options?: OperatorOptions): KStream<K, V, Known>
}
