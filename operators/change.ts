/** What a table hands on: a key's new value and the one before; null where there is none. */
export interface Change<V> {
  readonly newValue: V | null
  readonly oldValue: V | null
  /**
   * Whether the row was not there before, though there is an old value: what its aggregation began with. Kafka Streams
   * tells it without saying so; filters go by it as they do there, but nobody may take it off an aggregate.
   */
  readonly fresh?: true
  /**
   * Whether the new value is older than the present row of a versioned table, which stays: only what keeps versions
   * takes it (KIP-914).
   */
  readonly outOfOrder?: true
}
