import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { KTable } from '../../src/dsl/ktable.js'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { int64 } from '../../src/serdes/int64.js'
import { string } from '../../src/serdes/string.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'

const texts = { key: string(), value: string() }

interface Update {
  readonly topic: 'l' | 'r'
  readonly key: string
  readonly value: string | null
  readonly timestamp: number
}

const updates = fc.array(
  fc.record<Update>({
    topic: fc.constantFrom('l', 'r'),
    key: fc.constantFrom('a', 'b', 'c'),
    value: fc.option(fc.constantFrom('1', '2', 'x'), { freq: 3 }),
    timestamp: fc.nat(20),
  }),
  { maxLength: 40 },
)

type Kind = 'join' | 'leftJoin' | 'outerJoin'
type Table = KTable<string, string | null>
const kinds: readonly Kind[] = ['join', 'leftJoin', 'outerJoin']

/** Inputs of a join: as they are, and as tables that are computed when a row is looked up. */
const derivations: Readonly<Record<string, (table: Table) => Table>> = {
  plain: (table) => table,
  filtered: (table) => table.filter((_, value) => value !== 'x', {}) as Table,
  mapped: (table) => table.mapValues((value) => `${value}!`, texts) as Table,
}

/** What a derivation makes of a value. */
const derived: Readonly<Record<string, (value: string | null) => string | null>> = {
  plain: (value) => value,
  filtered: (value) => (value === 'x' ? null : value),
  mapped: (value) => (value === null ? null : `${value}!`),
}

/** Calls a join by its name, whatever its types. */
const call = (left: Table, kind: Kind, ...rest: unknown[]): Table =>
  (left[kind] as (...all: unknown[]) => Table).apply(left, rest)

const join = (kind: Kind, left: Table, right: Table, store?: string): Table => {
  const joiner = (one: string | null, other: string | null) => `${one}${other}`
  const options = store === undefined ? undefined : { store, value: string() }
  return call(left, kind, right, joiner, options)
}

/** The rows that a join has, of the latest rows of both tables. */
function joined(kind: Kind, left: ReadonlyMap<string, string>, right: ReadonlyMap<string, string>) {
  const rows = new Map<string, string>()
  for (const key of new Set([...left.keys(), ...right.keys()])) {
    const [one, other] = [left.get(key) ?? null, right.get(key) ?? null]
    const has = (one !== null && other !== null) || (kind !== 'join' && one !== null) || kind === 'outerJoin'
    if (has) rows.set(key, `${one}${other}`)
  }
  return rows
}

/** A table of the last values of the records of a topic. */
function tableOf(records: readonly (readonly [key: string, value: unknown])[]): Map<string, unknown> {
  const rows = new Map<string, unknown>()
  for (const [key, value] of records) {
    if (value === null) rows.delete(key)
    else rows.set(key, value)
  }
  return rows
}

const sorted = (rows: ReadonlyMap<string, unknown>) => [...rows].sort(([one], [two]) => (one < two ? -1 : 1))

describe('a join of tables', () => {
  for (const kind of kinds) {
    for (const name of Object.keys(derivations)) {
      test(`${kind} has the rows of the latest rows of both sides, the right one ${name}; so do its store and a count of them`, () => {
        fc.assert(
          fc.property(updates, fc.constantFrom(undefined, 'joined'), (script, store) => {
            const builder = new StreamsBuilder()
            const left = builder.table<string, string>('l', { ...texts, store: 'left' })
            const right = derivations[name]!(builder.table<string, string>('r', texts))
            const table = join(kind, left, right, store)
            table.toStream().to('out', texts)
            table
              .groupBy((_, value) => [value, value], { name: 'g', ...texts })
              .count({ store: 'counts' })
              .toStream()
              .to('counts')
            using driver = new TopologyTestDriver(builder.build())
            const inputs = { l: driver.createInputTopic('l', texts), r: driver.createInputTopic('r', texts) }
            for (const { topic, key, value, timestamp } of script)
              inputs[topic].pipe(key, value, { timestamp })

            const last = (topic: string, of: (value: string | null) => string | null) =>
              tableOf(
                script.filter((update) => update.topic === topic).map(({ key, value }) => [key, of(value)]),
              ) as Map<string, string>
            const expected = joined(kind, last('l', derived.plain!), last('r', derived[name]!))
            const sent = tableOf(driver.createOutputTopic('out', texts).readKeyValues() as never)
            assert.deepEqual(sorted(sent), sorted(expected))
            const counts = new Map<string, number>()
            for (const value of expected.values()) counts.set(value, (counts.get(value) ?? 0) + 1)
            const told = tableOf(
              driver.createOutputTopic('counts', { key: string(), value: int64() }).readKeyValues() as never,
            )
            const positive = new Map([...told].filter(([, count]) => (count as number) > 0))
            assert.deepEqual(sorted(positive), sorted(counts))
          }),
          { numRuns: 60 },
        )
      })
    }
  }

  test('of a table with one that is derived from it has the rows of the table, and a count of them is right', () => {
    const tables = fc.constantFrom<Kind>(...kinds)
    fc.assert(
      fc.property(updates, tables, fc.boolean(), (script, kind, isStored) => {
        const builder = new StreamsBuilder()
        const table = builder.table<string, string>('l', texts)
        const mapped = table.mapValues(
          (value) => `${value}!`,
          isStored ? { store: 'mapped', ...texts } : texts,
        )
        const joiner = (one: string | null, other: string | null) => `${one}${other}`
        const rows = call(table, kind, mapped, joiner, { value: string() })
        rows.toStream().to('out', texts)
        rows
          .groupBy((_, value) => [value, value], { name: 'g', ...texts })
          .count({ store: 'counts' })
          .toStream()
          .to('counts')
        using driver = new TopologyTestDriver(builder.build())
        const input = driver.createInputTopic('l', texts)
        for (const { key, value, timestamp } of script) input.pipe(key, value, { timestamp })
        const last = tableOf(
          script.map(({ key, value }) => [key, value === null ? null : `${value}${value}!`]),
        )
        assert.deepEqual(
          sorted(tableOf(driver.createOutputTopic('out', texts).readKeyValues() as never)),
          sorted(last),
        )
        const counts = new Map<string, number>()
        for (const value of last.values() as Iterable<string>) counts.set(value, (counts.get(value) ?? 0) + 1)
        const told = tableOf(
          driver.createOutputTopic('counts', { key: string(), value: int64() }).readKeyValues() as never,
        )
        assert.deepEqual(
          sorted(new Map([...told].filter(([, count]) => (count as number) > 0))),
          sorted(counts),
        )
      }),
      { numRuns: 100 },
    )
  })
})

describe('a join of a stream with a table', () => {
  test('gives each record the row as it is, the computed one too, with its own timestamp', () => {
    fc.assert(
      fc.property(
        updates,
        fc.constantFrom(...Object.keys(derivations)),
        fc.boolean(),
        (script, name, isLeft) => {
          const builder = new StreamsBuilder()
          const stream = builder.stream<string, string | null>('l', texts)
          const table = derivations[name]!(builder.table<string, string>('r', texts))
          const joiner = (value: string, row: string | null) => `${value}${row}`
          const results = isLeft ? stream.leftJoin(table, joiner) : stream.join(table, joiner)
          results.to('out', texts)
          using driver = new TopologyTestDriver(builder.build())
          const inputs = { l: driver.createInputTopic('l', texts), r: driver.createInputTopic('r', texts) }
          const rows = new Map<string, string | null>()
          const expected: [string, string, number][] = []
          for (const { topic, key, value, timestamp } of script) {
            inputs[topic].pipe(key, value, { timestamp })
            if (topic === 'r') rows.set(key, derived[name]!(value))
            else {
              const row = rows.get(key) ?? null
              if (value !== null && (isLeft || row !== null))
                expected.push([key, `${value}${row}`, timestamp])
            }
          }
          const sent = driver.createOutputTopic('out', texts).readAll()
          assert.deepEqual(
            sent.map(({ key, value, timestamp }) => [key, value, timestamp]),
            expected,
          )
        },
      ),
    )
  })
})
