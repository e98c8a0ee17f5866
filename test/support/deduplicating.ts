import { StreamsBuilder, string, type Topology } from '../../src/index.js'
import type { TextRecord } from './topic-client.js'

/** Hands on the first record of each id, and marks the others; a value is an id and what it is: `7 first`. */
export function deduplicatingTopology(
  input: string,
  output: string,
  time: 'event' | 'processing' = 'event',
): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: string(), value: string() })
    .deduplicate({
      within: '1m',
      time,
      id: (value) => value.split(' ')[0],
      idSerde: string(),
      name: 'once',
      store: 'seen',
      duplicates: (duplicates) =>
        duplicates.mapValues((value) => `${value}: kept back`).to(output, { value: string() }),
    })
    .to(output)
  return builder.build()
}

/** Of each id one record that is first and, some records later, another one that is not. */
export function repeated(ids: number, { from = 0 } = {}): TextRecord[] {
  const LATER = 10
  const all = Array.from({ length: ids + LATER }, (_, at) => [
    ...(at < ids ? [[from + at, 'first'] as const] : []),
    ...(at >= LATER ? [[from + at - LATER, 'again'] as const] : []),
  ]).flat()
  return all.map(([id, what], at) => ({
    key: `key${id % 10}`,
    value: `${id} ${what}`,
    timestamp: from * 2 + at,
  }))
}

/** What is to become of a record. */
export const deduplicated = (value: string): string =>
  value.endsWith('first') ? value : `${value}: kept back`
