import type { KeyValueRow, WindowRow } from '../../src/state/queries.js'
import type { ReadOnlyVersionedStore } from '../../src/state/versioned-view.js'
import type { VectorStore } from './vector.js'

type Entry = Readonly<Record<string, unknown>>

/** What has the stores of a run: a test driver, or an application. */
export interface StoreReader {
  keyValueStore(name: string): { all(): AsyncIterable<KeyValueRow<unknown, unknown>> }
  windowStore(name: string): { all(): AsyncIterable<WindowRow<unknown, unknown>> }
  versionedStore(name: string): Pick<ReadOnlyVersionedStore<unknown, unknown>, 'get'>
}

/** How the content of a store is read, by its type in a vector, in the fields of the vector's entries. */
const READERS: Readonly<
  Record<string, (reader: StoreReader, name: string, store: VectorStore) => Promise<Entry[]>>
> = {
  timestampedKeyValue: async (reader, name) =>
    (await all(reader.keyValueStore(name).all())).map(({ key, value, timestamp }) => ({
      key,
      value,
      ts: timestamp,
    })),
  keyValue: async (reader, name) =>
    (await all(reader.keyValueStore(name).all())).map(({ key, value }) => ({ key, value })),
  timestampedWindow: async (reader, name) =>
    (await all(reader.windowStore(name).all())).map(({ key, windowStart, value, timestamp }) => ({
      key,
      start: windowStart,
      value,
      ts: timestamp,
    })),
  session: async (reader, name) =>
    (await all(reader.windowStore(name).all())).map(({ key, windowStart, windowEnd, value }) => ({
      key,
      start: windowStart,
      end: windowEnd,
      value,
    })),
  window: async (reader, name) =>
    (await all(reader.windowStore(name).all())).map(({ key, windowStart, value }) => ({
      key,
      start: windowStart,
      value,
    })),
  versionedKeyValue: async (reader, name, { queries = [] }) => {
    const store = reader.versionedStore(name)
    return Promise.all(queries.map(({ key, asOf }) => answered(store, key, asOf as number | null)))
  },
}

/** The answer to a question to a versioned store, as vectors write it. */
async function answered(
  store: ReturnType<StoreReader['versionedStore']>,
  key: unknown,
  asOf: number | null,
): Promise<Entry> {
  const version = await store.get(key, asOf ?? undefined)
  if (version === undefined) return { key, asOf, found: false }
  return { key, asOf, found: true, value: version.value, validFrom: version.validFrom }
}

/** The content of a store as a vector writes it. */
export async function contentOf(reader: StoreReader, name: string, store: VectorStore): Promise<Entry[]> {
  const read = READERS[store.type]
  if (read === undefined) throw new Error(`no reader for stores of type ${store.type}`)
  return inOrder(await read(reader, name, store))
}

/** Entries by key, start and end, as vectors have them; of equal ones, as they come. */
export const inOrder = (entries: readonly Entry[]): Entry[] =>
  [...entries].sort(
    (left, right) =>
      Buffer.from(String(left.key)).compare(Buffer.from(String(right.key))) ||
      numberIn(left, 'start') - numberIn(right, 'start') ||
      numberIn(left, 'end') - numberIn(right, 'end'),
  )

const numberIn = (entry: Entry, field: string): number => (entry[field] as number | undefined) ?? 0

async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const list: T[] = []
  for await (const item of items) list.push(item)
  return list
}
