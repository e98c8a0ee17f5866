import type { AnyStoreDefinition } from '../state/store-definition.js'
import type { Erased } from '../topology/logical-graph.js'
import type { StoreOptions } from './operator-options.js'

/** How a store is kept. */
type StoreKeeping = Required<Pick<AnyStoreDefinition, 'caching' | 'logging' | 'storage'>>

/** How an operator's options have its store kept. */
export const storeKeeping = ({
  caching = true,
  logging = true,
  storage = 'disk',
}: StoreOptions<Erased>): StoreKeeping => ({ caching, logging, storage })

/** Then Kafka Streams counts a store's name, though it keeps none; so do we, for the names that follow. */
export const saysHowToKeep = ({ store: _, name: __, ...about }: StoreOptions<Erased>): boolean =>
  Object.values(about).some((option) => option !== undefined)
