import type { DeepReadonly } from '../serdes/deep-readonly.js'
import { EXPIRED, type VersionEntry, type VersionedStore } from './store.js'
import { requireStoreKey } from './stored-row.js'
import type { VersionedKeyValueStore } from './stores.js'
import type { Version } from './versioned-view.js'

/** A task's store as processors use it, by versions. */
class OpenVersionedStore<K, V> implements VersionedKeyValueStore<K, V> {
  readonly name: string

  constructor(private readonly store: VersionedStore<K, V>) {
    this.name = store.name
  }

  put(key: K, value: V | DeepReadonly<V> | null | undefined, timestamp: number): number | undefined {
    requireStoreKey(this.name, key)
    requireTime(this.name, timestamp)
    const validTo = this.store.put(key, (value ?? null) as V | null, timestamp)
    return validTo === EXPIRED ? undefined : validTo
  }

  get(key: K, asOf?: number): Version<DeepReadonly<V>> | undefined {
    requireStoreKey(this.name, key)
    return this.shown(asOf === undefined ? this.store.latest(key) : this.store.asOf(key, asOf))
  }

  delete(key: K, timestamp: number): Version<DeepReadonly<V>> | undefined {
    requireStoreKey(this.name, key)
    requireTime(this.name, timestamp)
    const before = this.get(key, timestamp)
    return this.store.put(key, null, timestamp) === EXPIRED ? undefined : before
  }

  private shown(version: VersionEntry<K, V> | undefined): Version<DeepReadonly<V>> | undefined {
    if (version === undefined) return undefined
    return {
      value: version.value as DeepReadonly<V>,
      validFrom: version.key.validFrom,
      validTo: this.store.validTo(version),
    }
  }
}

function requireTime(store: string, timestamp: number): void {
  if (Number.isSafeInteger(timestamp) && timestamp >= 0) return
  throw new TypeError(
    `store ${store} has no version of the time ${timestamp}: epoch milliseconds are expected`,
  )
}

/** Values by key over time. */
export const openVersionedStore = <K, V>(store: VersionedStore<K, V>): VersionedKeyValueStore<K, V> =>
  new OpenVersionedStore(store)
