/** What a table hands on: a key's new value and the one before; null where there is none. */
export interface Change<V> {
  readonly newValue: V | null
  readonly oldValue: V | null
}
