import { isDeepStrictEqual } from 'node:util'
import type { RecordHeaders } from '../../src/serdes/record-headers.js'
import type { TestRecord } from '../../src/testing/test-record.js'
import type { Vector, VectorOutput } from './vector.js'
import { contentOf, inOrder, type StoreReader } from './vector-stores.js'

export type Outputs = Readonly<Record<string, readonly VectorOutput[]>>

/** A record as vectors write it. */
export function asVector(record: TestRecord<unknown, unknown>, stepIndex: number): VectorOutput {
  const { key, value, timestamp, headers } = record
  const written = { key: flatKey(key), value, ts: timestamp, stepIndex }
  return headers.length === 0 ? written : { ...written, headers: textOf(headers) }
}

function flatKey(key: unknown): unknown {
  if (typeof key !== 'object' || key === null) return key
  const { key: inner, window } = key as { key: unknown; window: object }
  return { key: inner, ...window }
}

const textOf = (headers: RecordHeaders) =>
  headers.map(({ key, value }): [string, string] => [key, String(value)])

/** @returns the first difference of what came out, topic by topic; undefined where there is none */
export function outputDifference(actual: Outputs, expected: Outputs): string | undefined {
  for (const topic of new Set([...Object.keys(expected), ...Object.keys(actual)])) {
    const difference = listDifference(actual[topic] ?? [], expected[topic] ?? [])
    if (difference !== undefined) return `topic ${topic}, ${difference}`
  }
  return undefined
}

/** @returns the first difference of the stores' content; undefined where there is none */
export async function storeDifference(reader: StoreReader, vector: Vector): Promise<string | undefined> {
  for (const [name, store] of Object.entries(vector.stores)) {
    const difference = listDifference(
      await contentOf(reader, name, store),
      inOrder(store.queries ?? store.entries ?? []),
    )
    if (difference !== undefined) return `store ${name}, ${difference}`
  }
  return undefined
}

function listDifference(actual: readonly unknown[], expected: readonly unknown[]): string | undefined {
  for (let at = 0; at < Math.max(actual.length, expected.length); at++) {
    if (isDeepStrictEqual(actual[at], expected[at])) continue
    return `record ${at}: expected ${shown(expected[at])}, got ${shown(actual[at])}`
  }
  return undefined
}

const shown = (item: unknown): string => (item === undefined ? 'none' : JSON.stringify(item))
