import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import avsc from 'avsc'
import {
  type DeserializationExceptionHandler,
  StreamsBuilder,
  string,
  type Topology,
} from '../../src/index.js'
import { avroFormat } from '../../src/serdes/schema-registry/avro/avro-format.js'
import {
  avro,
  type Compatibility,
  confluentSchemaRegistry,
  IncompatibleSchemaError,
} from '../../src/serdes/schema-registry/index.js'
import { AVRO_CASES } from '../serdes/schema-registry/evolution/avro-cases.js'
import type { EvolutionCase } from '../serdes/schema-registry/evolution/evolution-case.js'
import { testRegistry } from '../support/registry.js'
import { TestApplication } from '../support/test-application.js'
import type { TextRecord } from '../support/topic-client.js'

const registry = confluentSchemaRegistry({ url: await testRegistry() })
const strings = { key: string(), value: string() }

/** So many that each symbol of an enum and each branch of a union is among them. */
const VALUES = 60

interface DecimalField {
  readonly name: string
  readonly type: { readonly logicalType?: string; readonly precision: number; readonly scale: number }
}

/** A value with the longest decimal that its schema takes; undefined: it has none. */
function valueWithDecimal(schema: string): object | undefined {
  const { fields = [] } = JSON.parse(schema) as { readonly fields?: readonly DecimalField[] }
  const decimal = fields.find(({ type }) => type.logicalType === 'decimal')
  if (decimal === undefined) return undefined
  const { precision, scale } = decimal.type
  const digits = '9'.repeat(precision)
  return { id: 'a', [decimal.name]: `${digits.slice(0, precision - scale)}.${digits.slice(0, scale)}` }
}

/** Values of a schema, as our serde has them. */
function valuesOf(schema: string): object[] {
  const value = valueWithDecimal(schema)
  if (value !== undefined) return Array.from({ length: VALUES }, () => value)
  const type = avsc.Type.forSchema(JSON.parse(schema), { wrapUnions: true })
  const resolved = { type: 'AVRO', schema, referenced: [] } as const
  const reader = avroFormat<object>({ schema: 'latest' }).reader(resolved, resolved)
  return Array.from({ length: VALUES }, () => {
    const bytes = type.toBuffer(type.random())
    return reader.read(bytes, 0, bytes.length)
  })
}

const GENERATIONS = ['older', 'newer'] as const
type Generation = (typeof GENERATIONS)[number]

/** What a program of one generation has read and not been able to read, by case and who wrote it. */
class Sightings {
  private readonly counts = new Map<string, number>()

  add(topic: string, writer: string, fate: 'read' | 'refused'): void {
    const key = `${topic} ${writer} ${fate}`
    this.counts.set(key, (this.counts.get(key) ?? 0) + 1)
  }

  of(topic: string, writer: Generation, fate: 'read' | 'refused'): number {
    return this.counts.get(`${topic} ${writer} ${fate}`) ?? 0
  }

  seen(topic: string, writer: Generation): number {
    return this.of(topic, writer, 'read') + this.of(topic, writer, 'refused')
  }
}

/** A topology that writes each case's topic with a generation's schemas, and reads what it and the other one write there. */
function generationOf(
  generation: Generation,
  cases: readonly (EvolutionCase & { readonly topic: string })[],
  work: string,
  sightings: Sightings,
): Topology {
  const builder = new StreamsBuilder()
  const all = builder.stream(work, strings)
  for (const each of cases) {
    const value = avro<object>({ registry, register: 'at-start', schema: each[generation] })
    const values = valuesOf(each[generation])
    all
      .map((_, number): [string, object] => [generation, values[Number(number)]!])
      .to(each.topic, { key: string(), value })
    builder
      .stream(each.topic, { key: string(), value })
      .foreach((writer) => sightings.add(each.topic, writer!, 'read'))
  }
  return builder.build()
}

describe('two generations of a program side by side on one topic', () => {
  test('read each other where the change is safe, and refuse where it breaks, without losing count (Avro)', async () => {
    const work: TextRecord[] = Array.from({ length: VALUES }, (_, number) => {
      return { key: 'k', value: String(number), timestamp: 1000 + number }
    })
    await using older = await TestApplication.create()
    await using newer = await TestApplication.create()
    const apps = { older, newer }
    const workTopic = await older.topic('work', 1)
    const cases = await Promise.all(
      AVRO_CASES.map(async (each) => ({ ...each, topic: await older.topic('evolves', 1) })),
    )
    const sightings = { older: new Sightings(), newer: new Sightings() }
    await older.client.write(workTopic, work)
    for (const generation of GENERATIONS) {
      const refuse: DeserializationExceptionHandler = ({ topic, sourceRawKey }) => {
        sightings[generation].add(topic, String(sourceRawKey), 'refused')
        return 'continue'
      }
      const topology = generationOf(generation, cases, workTopic, sightings[generation])
      await apps[generation].started(topology, { deserializationExceptionHandler: refuse })
    }
    for (const generation of GENERATIONS) {
      for (const { topic } of cases) {
        for (const writer of GENERATIONS) {
          await apps[generation].until(
            `the ${generation} have met all that the ${writer} wrote`,
            () => sightings[generation].seen(topic, writer) >= VALUES,
          )
        }
      }
    }
    for (const { name, topic, backward, forward } of cases) {
      const verdicts = [
        [sightings.newer, 'older', backward],
        [sightings.older, 'newer', forward],
      ] as const
      for (const [reader, writer, safe] of verdicts) {
        const refused = reader.of(topic, writer, 'refused')
        assert.equal(refused === 0, safe, `${name}: of what the ${writer} wrote ${refused} could not be read`)
        assert.equal(reader.seen(topic, writer), VALUES, name)
      }
      for (const generation of GENERATIONS)
        assert.equal(sightings[generation].of(topic, generation, 'read'), VALUES, `${name}: its own`)
    }
  })
})

const record = (name: string, ...fields: readonly object[]) => ({
  type: 'record',
  name,
  namespace: 'test',
  fields,
})

/** Sets what the subjects of an application ask of their next versions. */
async function holdTo(compatibility: Compatibility, ...subjects: readonly string[]): Promise<void> {
  for (const subject of subjects) await registry.setCompatibility(subject, compatibility)
}

describe('an application whose state changes its schema', () => {
  const PARTITIONS = 4
  const KEYS = 12

  interface Counted {
    readonly count: number
    readonly letters?: number
  }

  const COUNT = { name: 'count', type: 'int' }
  const LETTERS = { name: 'letters', type: 'int', default: 0 }
  const SCHEMAS = {
    older: JSON.stringify(record('Counted', COUNT)),
    newer: JSON.stringify(record('Counted', COUNT, LETTERS)),
  }

  const inputOf = (from: number, to: number): TextRecord[] =>
    Array.from({ length: to - from }, (_, at) => {
      return { key: `key${(from + at) % KEYS}`, value: 'abc', timestamp: 1000 + from + at }
    })

  test('goes on with the rows and changelogs of the other generation, forth and back, and counts each record once', async () => {
    await using app = await TestApplication.create({ sessionTimeout: '6s' })
    const input = await app.topic('input', PARTITIONS)
    const output = await app.topic('output', 1)
    const changelog = app.internalTopic('counted-changelog')
    const generation = (schema: string): Topology => {
      const value = avro<Counted>({ registry, register: 'at-start', schema })
      const builder = new StreamsBuilder()
      builder
        .stream(input, strings)
        .groupByKey()
        .aggregate(
          (): Counted => ({ count: 0, letters: 0 }),
          (_, text, { count, letters = 0 }) => ({ count: count + 1, letters: letters + text.length }),
          { store: 'counted', value },
        )
        .toStream()
        .to(output, { key: string(), value })
      return builder.build()
    }

    await app.client.write(input, inputOf(0, 120))
    const older = await app.started(generation(SCHEMAS.older), {}, 'older')
    await app.committed(input)
    await holdTo('FULL_TRANSITIVE', `${changelog}-value`, `${output}-value`)

    // Beside each other: half of the partitions go over, with rows that the older wrote.
    const newer = await app.started(generation(SCHEMAS.newer), {}, 'newer')
    const tasksOf = (streams: typeof older): number =>
      streams.metrics().threads.flatMap(({ tasks }) => tasks).length
    await app.until(
      'both have tasks',
      () => tasksOf(older) > 0 && tasksOf(newer) > 0 && newer.state === 'running',
    )
    await app.client.write(input, inputOf(120, 240))
    await app.committed(input)

    await older.close()
    await app.until('the newer has all', () => tasksOf(newer) === PARTITIONS && newer.state === 'running')
    await app.client.write(input, inputOf(240, 360))
    await app.committed(input)
    assert.equal((await registry.versions(`${changelog}-value`)).length, 2)

    // Back: the older reads what the newer wrote, on a machine that has nothing yet.
    await newer.close()
    const back = await app.started(generation(SCHEMAS.older), {}, 'back')
    await app.client.write(input, inputOf(360, 480))
    await app.committed(input)
    for (let key = 0; key < KEYS; key++) {
      const row = await back.store<string, Counted>('counted').get(`key${key}`)
      assert.deepEqual(row?.value, { count: 480 / KEYS })
    }
    assert.deepEqual(app.failures, [])
  })

  test('does not start with rows that it could not read: its changelog refuses the schema', async () => {
    await using app = await TestApplication.create()
    const input = await app.topic('input', 1)
    const subject = `${app.internalTopic('last-changelog')}-value`
    const generation = (schema: object): Topology => {
      const builder = new StreamsBuilder()
      builder
        .stream(input, strings)
        .groupByKey()
        .aggregate(
          () => ({}),
          (_, text) => ({ text, words: 1 }),
          {
            store: 'last',
            value: avro<object>({ registry, register: 'at-start', schema: JSON.stringify(schema) }),
          },
        )
      return builder.build()
    }
    const TEXT = { name: 'text', type: 'string' }
    const first = await app.started(generation(record('Last', TEXT)))
    await first.close()
    await holdTo('BACKWARD', subject)
    const broken = app.streams(generation(record('Last', TEXT, { name: 'words', type: 'int' })))
    await assert.rejects(broken.start(), (error) => {
      assert.ok(error instanceof IncompatibleSchemaError)
      assert.ok(error.message.includes(subject), error.message)
      return true
    })
  })
})

describe('expand and contract', () => {
  interface Flight {
    readonly delay?: number | undefined
    readonly delayMinutes?: number | null | undefined
  }

  const DELAY = { name: 'delay', type: 'int' }
  const DELAY_WITH_DEFAULT = { ...DELAY, default: 0 }
  const MINUTES = { name: 'delayMinutes', type: ['null', 'int'], default: null }

  /** The generations of a program that renames a field, in the order in which they are deployed. */
  const STEPS: readonly {
    readonly schema: object
    write(delay: number): Flight
    read(flight: Flight): number
  }[] = [
    { schema: record('Flight', DELAY), write: (delay) => ({ delay }), read: ({ delay }) => delay! },
    // Expand: both names are written, the old one is read.
    {
      schema: record('Flight', DELAY_WITH_DEFAULT, MINUTES),
      write: (delay) => ({ delay, delayMinutes: delay }),
      read: ({ delay }) => delay!,
    },
    // Migrate: the new name is read, and the old one where there is none.
    {
      schema: record('Flight', DELAY_WITH_DEFAULT, MINUTES),
      write: (delay) => ({ delay, delayMinutes: delay }),
      read: ({ delay, delayMinutes }) => delayMinutes ?? delay!,
    },
    // Contract: nothing has the old name any more, nor is anything old left to read.
    {
      schema: record('Flight', MINUTES),
      write: (delay) => ({ delayMinutes: delay }),
      read: ({ delayMinutes }) => delayMinutes!,
    },
  ]

  test('renames a field under FULL compatibility, each generation beside the one before, and every delay is summed', async () => {
    await using writers = await TestApplication.create({ sessionTimeout: '6s' })
    await using readers = await TestApplication.create({ sessionTimeout: '6s' })
    const reports = await writers.topic('reports', 2)
    const flights = await writers.topic('flights', 2)
    const sums = await readers.topic('sums', 1)
    const subject = `${flights}-value`

    const serdeOf = (schema: object) =>
      avro<Flight>({ registry, register: 'at-start', schema: JSON.stringify(schema) })
    const writing = ({ schema, write }: (typeof STEPS)[number]): Topology => {
      const builder = new StreamsBuilder()
      builder
        .stream(reports, strings)
        .mapValues((delay) => write(Number(delay)))
        .to(flights, { key: string(), value: serdeOf(schema) })
      return builder.build()
    }
    const reading = ({ schema, read }: (typeof STEPS)[number]): Topology => {
      const builder = new StreamsBuilder()
      builder
        .stream(flights, { key: string(), value: serdeOf(schema) })
        .mapValues((flight) => String(read(flight)))
        .groupByKey({ key: string(), value: string() })
        .reduce((sum, delay) => String(Number(sum) + Number(delay)), { store: 'sums' })
        .toStream()
        .to(sums, strings)
      return builder.build()
    }

    let reported = 0
    const report = async (): Promise<void> => {
      const records = Array.from({ length: 20 }, (_, at) => {
        return { key: `airport${at % 4}`, value: String(++reported), timestamp: 1000 + reported }
      })
      await writers.client.write(reports, records)
      await writers.committed(reports)
      await readers.committed(flights)
    }

    let running: { close(): Promise<void> }[] = []
    for (const [at, step] of STEPS.entries()) {
      const place = `step ${at}`
      // Readers first, then writers: under FULL any order does.
      const reader = await readers.started(reading(step), {}, place)
      const writer = await writers.started(writing(step), {}, place)
      if (at === 0) await holdTo('FULL', subject)
      await report()
      for (const before of running) await before.close()
      running = [reader, writer]
      await report()
    }
    const expected = new Map<string, number>()
    for (let delay = 1; delay <= reported; delay++) {
      const key = `airport${(delay - 1) % 4}`
      expected.set(key, (expected.get(key) ?? 0) + delay)
    }
    const last = new Map((await readers.client.read(sums)).map(({ key, value }) => [key, Number(value)]))
    assert.deepEqual(last, expected)
    assert.equal((await registry.versions(subject)).length, 3)

    // At once it would have been refused.
    const renamed = JSON.stringify(record('Flight', { name: 'delayed', type: 'int' }))
    const { compatible } = await registry.check(subject, { type: 'AVRO', schema: renamed })
    assert.equal(compatible, false)
  })
})
