import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type DeserializationError,
  type KafkaStreams,
  type Serde,
  StreamsBuilder,
  string,
  type Topology,
} from '../../src/index.js'
import { partitionFor } from '../../src/kafka/records/partitioner.js'
import { healthRoutes, httpServer, prometheusMetrics } from '../../src/observe/index.js'
import { ByteWriter } from '../../src/serdes/byte-writer.js'
import {
  avro,
  confluentSchemaRegistry,
  jsonSchema,
  protobuf,
  type SchemaRegistry,
} from '../../src/serdes/schema-registry/index.js'
import { failureOf, startFailureOf, warningsOfCode } from '../support/failure.js'
import type { HttpAnswer } from '../support/http-server.js'
import { type RawRecord, writeRaw } from '../support/raw-records.js'
import { testRegistry } from '../support/registry.js'
import { PROBLEMS, SwitchedRegistry } from '../support/switched-registry.js'
import { TestApplication } from '../support/test-application.js'

/** What tests write with: no application's way to the registry. */
const direct = confluentSchemaRegistry({ url: await testRegistry() })

interface Sum {
  readonly n: number
}

const N = { name: 'n', type: 'int' }
const LATE = { name: 'late', type: 'boolean', default: false }

/** A record of Avro named as a topic, so that no other test has its schema. */
const schemaOf = (topic: string, ...fields: readonly object[]): string =>
  JSON.stringify({ type: 'record', name: topic.replaceAll(/\W/g, '_'), fields })

/** Bytes of values with a registered schema, and its id. */
async function written<T>(
  topic: string,
  serde: Serde<T>,
  ...values: readonly T[]
): Promise<{ readonly id: number; readonly bytes: readonly Buffer[] }> {
  await serde.open?.([{ topic, part: 'value', access: 'write' }], {})
  const bytes = values.map((value) => {
    const target = new ByteWriter()
    serde.serialize(value, target)
    return target.copy()
  })
  return { id: bytes[0]!.readInt32BE(1), bytes }
}

const avroOf = (schema: string, registry: SchemaRegistry = direct): Serde<Sum> =>
  avro<Sum>({ registry, schema, register: 'at-start' })

const records = (key: string, bytes: readonly Buffer[]): RawRecord[] =>
  bytes.map((value) => ({ key: Buffer.from(key), value }))

/** A key that goes to a partition of two. */
const keyOf = (partition: number): string => {
  const keys = Array.from({ length: 100 }, (_, at) => `key${at}`)
  return keys.find((key) => partitionFor(Buffer.from(key), 0, key.length, 2) === partition)!
}

/** Reads numbers and writes them as text. */
function numbersTopology(input: string, output: string, value: Serde<Sum>): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: string(), value, name: 'read' })
    .mapValues(({ n }) => String(n))
    .to(output, { value: string() })
  return builder.build()
}

const textsIn = async (app: TestApplication, topic: string): Promise<(string | null)[]> =>
  (await app.client.read(topic)).map(({ value }) => value)

const NO_SUCH_ID = 2 ** 31 - 1
const headed = (id: number, ...payload: readonly number[]): Buffer => {
  const header = Buffer.alloc(5)
  header.writeInt32BE(id, 1)
  return Buffer.concat([header, Buffer.from(payload)])
}

describe('while the registry is away', { concurrency: true }, () => {
  test('a schema that is new holds up its partitions only, is told once, and then fetched once', async () => {
    await using app = await TestApplication.create()
    await using switched = await SwitchedRegistry.start()
    const input = await app.topic('input', 2)
    const output = await app.topic('output', 1)
    const old = schemaOf(input, N)
    const known = await written(input, avroOf(old), ...[0, 2, 4, 100, 101, 102, 104].map((n) => ({ n })))
    const added = await written(
      input,
      avroOf(schemaOf(input, N, LATE)),
      ...[1, 3, 103].map((n) => ({ n, late: true })),
    )
    const [b0, b2, b4, b100, b101, b102, b104] = known.bytes as Buffer[]
    const [b1, b3, b103] = added.bytes as Buffer[]
    const { client } = app
    await writeRaw(client, input, 0, records('zero', [b0!]))
    await writeRaw(client, input, 1, records('one', [b100!]))
    const streams = app.streams(
      numbersTopology(input, output, avro<Sum>({ registry: switched.client(), schema: old })),
    )
    const metrics = prometheusMetrics(streams)
    const warnings = warningsOfCode(streams, 'SCHEMA_REGISTRY_UNAVAILABLE')
    await streams.start()
    await app.committed(input)

    switched.answer('close')
    await writeRaw(client, input, 0, records('zero', [b1!, b2!, b3!, b4!]))
    await app.until('its partition waits', () => streams.metrics().intake.paused.length === 1)
    await writeRaw(client, input, 1, records('one', [b101!, b102!]))
    await app.until('the other one goes on', async () => (await textsIn(app, output)).includes('102'))
    const schema = `schema ${added.id} of schema registry ${switched.url}`
    assert.deepEqual(streams.metrics().intake.paused, [{ input: `${input}-0`, reason: 'schema', schema }])
    assert.match(await metrics.metrics(), /millrace_thread_paused_partitions\{thread="0",reason="schema"\} 1/)
    await using server = await httpServer({ port: 0, routes: healthRoutes(streams) })
    const ready = await fetch(`${server.url}/readyz`)
    assert.equal(ready.status, 503)
    assert.ok((await ready.text()).includes(schema))
    await writeRaw(client, input, 1, records('one', [b103!, b104!]))
    await app.until('both wait', () => streams.metrics().intake.paused.length === 2)
    assert.equal(warnings.length, 1)

    switched.forget()
    switched.letThrough()
    await app.committed(input)
    assert.deepEqual(
      await app.valuesByKey(output),
      new Map([
        ['zero', ['0', '1', '2', '3', '4']],
        ['one', ['100', '101', '102', '103', '104']],
      ]),
    )
    assert.equal(switched.asked(`/schemas/ids/${added.id}`), 1)
    assert.equal((await fetch(`${server.url}/readyz`)).status, 200)
  })

  test('an application that starts waits for it', async () => {
    await using app = await TestApplication.create()
    await using switched = await SwitchedRegistry.start()
    const input = await app.topic('input', 1)
    const { bytes } = await written(input, avroOf(schemaOf(input, N)), { n: 1 }, { n: 2 })
    await writeRaw(app.client, input, 0, records('k', bytes))
    const output = await app.topic('output', 1)
    const value = avroOf(schemaOf(output, N), switched.client())
    const builder = new StreamsBuilder()
    builder
      .stream(input, { key: string(), value: avroOf(schemaOf(input, N), switched.client()) })
      .to(output, { value })
    const streams = app.streams(builder.build())
    const warnings = warningsOfCode(streams, 'SCHEMA_REGISTRY_UNAVAILABLE')
    switched.answer('close')
    const starting = streams.start()
    await app.until('it says what it waits for', () => warnings.length > 0)
    assert.equal(streams.state, 'rebalancing')
    switched.letThrough()
    await starting
    await app.committed(input)
    assert.equal((await app.client.read(output)).length, 2)
    assert.equal(warnings.length, 1)
  })

  test('an application that starts can be closed', async () => {
    await using app = await TestApplication.create()
    await using switched = await SwitchedRegistry.start()
    const output = await app.topic('output', 1)
    const builder = new StreamsBuilder()
    builder
      .stream<string, Sum>(await app.topic('input', 1), { key: string(), value: avroOf(schemaOf(output, N)) })
      .to(output, { value: avroOf(schemaOf(output, N), switched.client({ requestTimeout: '1h' })) })
    switched.answer('silence')
    const streams = app.streams(builder.build())
    const starting = streams.start()
    await app.until('the registry is asked', () => switched.asked(`${output}-value`) > 0)
    const refused = assert.rejects(starting, { code: 'CLOSED' })
    await streams.close()
    await refused
  })
})

describe('an application that waits for a schema', { concurrency: true }, () => {
  test('can be closed, and the next one reads the record', async () => {
    await using app = await TestApplication.create()
    await using switched = await SwitchedRegistry.start()
    const input = await app.topic('input', 1)
    const output = await app.topic('output', 1)
    const schema = schemaOf(input, N)
    const { bytes } = await written(input, avroOf(schema), { n: 1 }, { n: 2 })
    await writeRaw(app.client, input, 0, records('k', bytes))
    const topology = () => numbersTopology(input, output, avro<Sum>({ registry: switched.client(), schema }))
    switched.answer('close')
    const first = await app.started(topology())
    await app.until('it waits', () => first.metrics().intake.paused.length === 1)
    await first.close()
    switched.letThrough()
    await app.started(topology())
    await app.committed(input)
    assert.deepEqual(await textsIn(app, output), ['1', '2'])
  })

  test('of the rows of a task gives tasks to others all the same, and can be closed', async () => {
    await using app = await TestApplication.create({ cacheMaxBytes: 0 })
    await using switched = await SwitchedRegistry.start()
    const input = await app.topic('input', 2)
    const output = await app.topic('output', 1)
    const older = avroOf(schemaOf(input, N), switched.client())
    const newer = avroOf(schemaOf(input, N, LATE))
    const zero: object = { late: false }
    const another = (process: string) =>
      app.started(sumsTopology(input, output, newer, { n: 0, ...zero }), {}, process)
    const first = await app.started(sumsTopology(input, output, older, { n: 0 }))
    await app.until('it runs', () => taskCount(first) === 2 && first.state === 'running')
    const second = await another('second machine')
    await app.until('each has a task', () => taskCount(first) === 1 && taskCount(second) === 1)
    await app.client.write(input, texts('1', '2'))
    await app.committed(input)

    switched.answer((path) => (path.includes('/schemas/ids/') ? 'close' : undefined))
    const warnings = warningsOfCode(first, 'SCHEMA_REGISTRY_UNAVAILABLE')
    await second.close()
    await app.until('its rows are waited for', () => warnings.length === 1)
    const third = await another('third machine')
    await app.until('another one has a task', () => taskCount(third) === 1)
    await app.client.write(input, texts('3', '4'))
    await first.close()
    await app.committed(input)
    const sums = ['1', '3', '6', '10']
    assert.deepEqual(
      await app.valuesByKey(output),
      new Map([
        [keyOf(0), sums],
        [keyOf(1), sums],
      ]),
    )
    assert.deepEqual(app.failures, [])
  })
})

/** Sums per key, in rows of Avro. */
function sumsTopology(input: string, output: string, value: Serde<Sum>, zero: Sum): Topology {
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: string(), value: string() })
    .groupByKey()
    .aggregate(
      () => zero,
      (_, text, sum) => ({ ...sum, n: sum.n + Number(text) }),
      { store: 'sums', value },
    )
    .toStream()
    .mapValues(({ n }) => String(n))
    .to(output, { value: string() })
  return builder.build()
}

const texts = (...values: readonly string[]) =>
  [0, 1].flatMap((partition) =>
    values.map((value, at) => ({ key: keyOf(partition), value, timestamp: 1000 + at })),
  )

const taskCount = (streams: KafkaStreams): number => streams.metrics().tasks.length

describe('while a task moves to a member that cannot read its rows yet, for the registry', {
  concurrency: true,
}, () => {
  for (const [name, problem] of Object.entries(PROBLEMS) as [string, HttpAnswer][]) {
    test(`${name}: it waits, and nothing is lost`, async () => {
      await using app = await TestApplication.create({ cacheMaxBytes: 0 })
      await using switched = await SwitchedRegistry.start()
      const input = await app.topic('input', 2)
      const output = await app.topic('output', 1)
      const older = avroOf(schemaOf(input, N), switched.client())
      const newer = avroOf(schemaOf(input, N, LATE))
      const first = app.streams(sumsTopology(input, output, older, { n: 0 }))
      const warnings: string[] = []
      first.on('warning', ({ name }) => warnings.push(name))
      await first.start()
      // Before the other registers its schema: the first does not know what it will read.
      switched.answer(problem)
      const zero: object = { late: false }
      const second = await app.started(
        sumsTopology(input, output, newer, { n: 0, ...zero }),
        {},
        'another machine',
      )
      await app.until('each has a task', () => taskCount(first) === 1 && taskCount(second) === 1)
      await app.client.write(input, texts('1', '2'))
      await app.committed(input)

      await second.close()
      await app.client.write(input, texts('3', '4'))
      await app.until('the row is met', () => warnings.some((warning) => /^Registry/.test(warning)))
      switched.letThrough()
      await app.committed(input)
      const sums = ['1', '3', '6', '10']
      assert.deepEqual(
        await app.valuesByKey(output),
        new Map([
          [keyOf(0), sums],
          [keyOf(1), sums],
        ]),
      )
      assert.equal(warnings.filter((warning) => /^Registry/.test(warning)).length, 1, warnings.join())
    })
  }
})

describe('a record', { concurrency: true }, () => {
  test('of an unknown schema stops its reader, or is left out, and the registry is asked once', async () => {
    await using app = await TestApplication.create()
    await using switched = await SwitchedRegistry.start()
    const input = await app.topic('input', 1)
    const output = await app.topic('output', 1)
    const schema = schemaOf(input, N)
    const { bytes } = await written(input, avroOf(schema), { n: 1 }, { n: 2 })
    const unknown = headed(NO_SUCH_ID, 2)
    await writeRaw(app.client, input, 0, records('k', [bytes[0]!, unknown, unknown, bytes[1]!]))
    const topology = () => numbersTopology(input, output, avro<Sum>({ registry: switched.client(), schema }))
    const streams = app.streams(topology())
    const failed = failureOf(streams)
    await streams.start()
    const error = await failed
    assert.equal(error.code, 'DESERIALIZATION')
    assert.equal(
      error.message,
      `source read cannot read the value at topic ${input}, partition 0, offset 1: ` +
        `schema registry ${switched.url} has no schema ${NO_SUCH_ID}`,
    )
    assert.ok(((await app.committedOffsets(input))[0]?.offset ?? 0) <= 1)

    app.failures.length = 0
    switched.forget()
    const again = await app.started(topology(), { deserializationExceptionHandler: 'continue' })
    await app.committed(input)
    assert.deepEqual(await textsIn(app, output), ['1', '2'])
    assert.deepEqual(again.metrics().dropped, { 'read:deserialization': 2 })
    assert.equal(switched.asked(`/schemas/ids/${NO_SUCH_ID}`), 1)
  })

  test('that is none, or of a schema that cannot be read, is told apart by its message', async () => {
    await using app = await TestApplication.create()
    await using switched = await SwitchedRegistry.start()
    const input = await app.topic('input', 1)
    const output = await app.topic('output', 1)
    const schema = schemaOf(input, N)
    const { id, bytes } = await written(input, avroOf(schema), { n: 1 }, { n: 300 })
    const other = `${input}-other`
    const text = await written(
      other,
      avro({
        registry: direct,
        schema: schemaOf(input, { name: 'n', type: 'string' }),
        register: 'at-start',
      }),
      { n: 'x' },
    )
    const message = await written(
      `${input}-proto`,
      protobuf({
        registry: direct,
        schema: `syntax = "proto3"; message ${input.replaceAll(/\W/g, '_')} { int32 n = 1; }`,
        register: 'at-start',
      }),
      { n: 1 },
    )
    const json = await written(
      `${input}-json`,
      jsonSchema({
        registry: direct,
        schema: { $schema: 'http://json-schema.org/draft-07/schema#', title: input },
        register: 'at-start',
      }),
      {},
    )
    const none = NO_SUCH_ID - 1
    switched.answer((path) =>
      path.endsWith(`/ids/${none}`) ? { body: '{"schema":"{\\"type\\":\\"nonsense\\"}"}' } : undefined,
    )
    const registry = `schema registry ${switched.url}`
    const of = (schema: number) => `schema ${schema} of ${registry}: `
    const wire = 'serde confluent wire format: '
    const poison: readonly (readonly [Uint8Array, string | RegExp])[] = [
      [Buffer.from('{"n":1}'), /the first byte is 123 and not 0/],
      [Buffer.from([0, 0, 1]), `${wire}3 bytes are fewer than the 5 of the header`],
      [Buffer.alloc(0), `${wire}0 bytes are fewer than the 5 of the header`],
      [headed(-1, 2), `${wire}no schema has the id -1`],
      [headed(id), /^serde avro: .*n/],
      [bytes[1]!.subarray(0, 6), /^serde avro: .*n/],
      [headed(id, 2, 2), /^serde avro: /],
      [text.bytes[0]!, `${of(text.id)}field n: string was written, which cannot be read as int`],
      [message.bytes[0]!, /PROTOBUF.*AVRO/],
      [json.bytes[0]!, /JSON.*AVRO/],
      [headed(0, 2), `${registry} has no schema 0`],
      [headed(none, 2), /nonsense/],
    ]
    await writeRaw(
      app.client,
      input,
      0,
      records(
        'k',
        poison.flatMap(([bad]) => [Buffer.from(bad), bytes[0]!]),
      ),
    )
    const problems: string[] = []
    const streams = await app.started(
      numbersTopology(input, output, avro<Sum>({ registry: switched.client(), schema })),
      {
        deserializationExceptionHandler: (_, error) => {
          problems.push(((error as DeserializationError).cause as Error).message)
          return 'continue'
        },
      },
    )
    await app.committed(input)
    assert.equal(problems.length, poison.length, problems.join('\n'))
    poison.forEach(([, expected], at) => {
      if (typeof expected === 'string') assert.equal(problems[at], expected)
      else assert.match(problems[at]!, expected)
    })
    assert.deepEqual(
      await textsIn(app, output),
      poison.map(() => '1'),
    )
    assert.deepEqual(streams.metrics().dropped, { 'read:deserialization': poison.length })
  })

  for (const [name, problem] of Object.entries(PROBLEMS) as [string, HttpAnswer][]) {
    test(`waits while the registry ${name}, and is told of once`, async () => {
      await using app = await TestApplication.create()
      await using switched = await SwitchedRegistry.start()
      const input = await app.topic('input', 1)
      const output = await app.topic('output', 1)
      const schema = schemaOf(input, N)
      const { bytes } = await written(input, avroOf(schema), { n: 1 }, { n: 2 })
      await writeRaw(app.client, input, 0, records('k', bytes))
      switched.answer(problem)
      const streams = app.streams(
        numbersTopology(input, output, avro<Sum>({ registry: switched.client(), schema })),
      )
      const warnings: Error[] = []
      streams.on('warning', (warning) => warnings.push(warning))
      await streams.start()
      await app.until('it waits', () => streams.metrics().intake.paused.length === 1 && warnings.length === 1)
      switched.letThrough()
      await app.committed(input)
      assert.deepEqual(await textsIn(app, output), ['1', '2'])
      assert.equal(warnings.length, 1)
      assert.match(warnings[0]!.message, new RegExp(`^schema registry ${switched.url} `))
    })
  }

  test('waits for a registry that is slow', async () => {
    await using app = await TestApplication.create()
    await using switched = await SwitchedRegistry.start()
    const input = await app.topic('input', 1)
    const output = await app.topic('output', 1)
    const schema = schemaOf(input, N)
    const { bytes } = await written(input, avroOf(schema), { n: 1 })
    await writeRaw(app.client, input, 0, records('k', bytes))
    switched.answer('silence')
    const registry = switched.client({ requestTimeout: '100ms' })
    const streams = app.streams(numbersTopology(input, output, avro<Sum>({ registry, schema })))
    const warnings = warningsOfCode(streams, 'SCHEMA_REGISTRY_UNAVAILABLE')
    await streams.start()
    await app.until('it is too slow', () => warnings.length === 1)
    assert.match(warnings[0]!.message, /no answer within 100 ms$/)
    switched.letThrough()
    await app.committed(input)
    assert.deepEqual(await textsIn(app, output), ['1'])
  })

  test('waits for a slow answer within the timeout, which is nothing to be told of', async () => {
    await using app = await TestApplication.create()
    await using switched = await SwitchedRegistry.start()
    const input = await app.topic('input', 1)
    const output = await app.topic('output', 1)
    const schema = schemaOf(input, N)
    const { bytes } = await written(input, avroOf(schema), { n: 1 })
    await writeRaw(app.client, input, 0, records('k', bytes))
    let answer = (): void => {}
    const answered = new Promise<undefined>((resolve) => {
      answer = () => resolve(undefined)
    })
    switched.answer(() => answered)
    const value = avro<Sum>({ registry: switched.client({ requestTimeout: '1m' }), schema })
    const streams = app.streams(numbersTopology(input, output, value))
    const warnings: unknown[] = []
    streams.on('warning', (warning) => warnings.push(warning))
    await streams.start()
    await app.until('it waits', () => streams.metrics().intake.paused.length === 1)
    answer()
    await app.committed(input)
    assert.deepEqual(await textsIn(app, output), ['1'])
    assert.deepEqual(warnings, [])
  })

  test('has a key whose schema is not there, as a value may', async () => {
    await using app = await TestApplication.create()
    await using switched = await SwitchedRegistry.start()
    const input = await app.topic('input', 1)
    const output = await app.topic('output', 1)
    const schema = schemaOf(input, N)
    const { bytes } = await written(input, avroOf(schema), { n: 1 })
    const value = Buffer.from('x')
    const keys = [bytes[0]!, headed(NO_SUCH_ID, 2), Buffer.from('plain text'), bytes[0]!]
    await writeRaw(
      app.client,
      input,
      0,
      keys.map((key) => ({ key, value })),
    )
    switched.answer('close')
    const builder = new StreamsBuilder()
    builder
      .stream(input, {
        key: avro<Sum>({ registry: switched.client(), schema }),
        value: string(),
        name: 'read',
      })
      .map((key, text) => [String(key!.n), text])
      .to(output, { key: string(), value: string() })
    const parts: string[] = []
    const streams = await app.started(builder.build(), {
      deserializationExceptionHandler: (_, error) => {
        parts.push(error.part)
        return 'continue'
      },
    })
    await app.until('it waits', () => streams.metrics().intake.paused.length === 1)
    switched.letThrough()
    await app.committed(input)
    assert.deepEqual(
      (await app.client.read(output)).map(({ key, value: text }) => [key, text]),
      [
        ['1', 'x'],
        ['1', 'x'],
      ],
    )
    assert.deepEqual(parts, ['key', 'key'])
  })

  test('of a table whose topic takes the place of its changelog waits, live and restored', async () => {
    await using app = await TestApplication.create()
    await using switched = await SwitchedRegistry.start()
    const input = await app.topic('input', 1)
    const schema = schemaOf(input, N)
    const { bytes } = await written(input, avroOf(schema), { n: 1 }, { n: 2 })
    await writeRaw(app.client, input, 0, records('k', bytes))
    const topology = () => {
      const builder = new StreamsBuilder()
      const value = avro<Sum>({ registry: switched.client(), schema, register: 'at-start' })
      builder.table(input, { key: string(), value, store: 'rows' })
      return builder.build({ optimization: 'all' })
    }
    const onlyIds: Parameters<SwitchedRegistry['answer']>[0] = (path) =>
      path.includes('/schemas/ids/') ? 'close' : undefined
    for (const process of ['one', 'another machine']) {
      switched.answer(onlyIds)
      const streams = await app.started(topology(), {}, process)
      await app.until('the row is there', () => streams.state === 'running')
      switched.letThrough()
      await app.committed(input)
      const row = await streams.store<string, Sum>('rows').get('k')
      assert.deepEqual(row?.value, { n: 2 })
      await streams.close()
    }
  })

  test('of a global table is waited for before any task begins', async () => {
    await using app = await TestApplication.create()
    await using switched = await SwitchedRegistry.start()
    const rows = await app.topic('rows', 1)
    const input = await app.topic('input', 1)
    const output = await app.topic('output', 1)
    const schema = schemaOf(rows, N)
    const { bytes } = await written(rows, avroOf(schema), { n: 1 })
    const newer = await written(rows, avroOf(schemaOf(rows, N, LATE)), { n: 2, late: true } as Sum)
    await writeRaw(app.client, rows, 0, records('k', [bytes[0]!, newer.bytes[0]!]))
    await app.client.write(input, [{ key: 'k', value: 'x', timestamp: 1000 }])
    const builder = new StreamsBuilder()
    const table = builder.globalTable(rows, {
      key: string(),
      value: avro<Sum>({ registry: switched.client(), schema }),
    })
    builder
      .stream(input, { key: string(), value: string() })
      .join(
        table,
        (key) => key,
        (text, { n }) => `${text}${n}`,
      )
      .to(output, { key: string(), value: string() })
    switched.answer((path) => (path.endsWith(`/schemas/ids/${newer.id}`) ? 'close' : undefined))
    const streams = app.streams(builder.build())
    const warnings = warningsOfCode(streams, 'SCHEMA_REGISTRY_UNAVAILABLE')
    const starting = streams.start()
    await app.until('it is waited for', () => warnings.length === 1)
    assert.deepEqual(await textsIn(app, output), [])
    switched.letThrough()
    await starting
    await app.committed(input)
    assert.deepEqual(await textsIn(app, output), ['x2'])
  })
})

/** Writes numbers with a schema. */
async function writing(app: TestApplication, serdeOf: (output: string) => Serde<Sum>) {
  const input = await app.topic('input', 1)
  const output = await app.topic('output', 1)
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: string(), value: string() })
    .mapValues((text) => ({ n: Number(text) }))
    .to(output, { value: serdeOf(output) })
  return app.streams(builder.build())
}

describe('an application does not start', { concurrency: true }, () => {
  test('with a schema that its subject does not take, and says why', async () => {
    await using app = await TestApplication.create()
    const output = await app.topic('output', 1)
    const subject = `${output}-value`
    await direct.setCompatibility(subject, 'BACKWARD')
    await direct.register(subject, { type: 'AVRO', schema: schemaOf(output, N) })
    const builder = new StreamsBuilder()
    builder
      .stream(await app.topic('input', 1), { key: string(), value: string() })
      .mapValues((text) => ({ n: 1, origin: text }))
      .to(output, { value: avroOf(schemaOf(output, N, { name: 'origin', type: 'string' })) as never })
    const error = await startFailureOf(app.streams(builder.build()))
    assert.equal(error.code, 'SCHEMA_INCOMPATIBLE')
    assert.match(
      error.message,
      new RegExp(`^subject ${subject} does not take the schema as its next version: `),
    )
    assert.match(
      error.message,
      /Incompatible artifact: .* origin at \/fields\/1/,
      'in the words of the registry',
    )
    assert.match(error.message, /; \w+\.origin: field added without default/, 'in ours')
  })

  test('with the latest schema of a subject where that is in another language', async () => {
    await using app = await TestApplication.create()
    const output = await app.topic('output', 1)
    const subject = `${output}-value`
    await direct.register(subject, {
      type: 'PROTOBUF',
      schema: `syntax = "proto3"; message ${output.replaceAll(/\W/g, '_')} { int32 n = 1; }`,
    })
    const builder = new StreamsBuilder()
    builder
      .stream(await app.topic('input', 1), { key: string(), value: string() })
      .mapValues((text) => ({ n: Number(text) }))
      .to(output, { value: avro<Sum>({ registry: direct, schema: 'latest' }) })
    const error = await startFailureOf(app.streams(builder.build()))
    assert.equal(error.code, 'SCHEMA_SUBJECT')
    assert.match(
      error.message,
      new RegExp(`PROTOBUF as the latest of subject ${subject}, and serde avro .* AVRO`),
    )
  })

  test('without the credentials that the registry asks for, and shows none', async () => {
    await using switched = await SwitchedRegistry.start()
    const right = `Basic ${Buffer.from('flights:correct horse').toString('base64')}`
    switched.answer((_, authorization) =>
      authorization === right ? undefined : { status: 401, body: '{"error_code":40101,"message":"no"}' },
    )
    for (const auth of [undefined, { username: 'flights', password: 'wrong horse' }]) {
      await using app = await TestApplication.create()
      const registry = switched.client(auth === undefined ? {} : { auth })
      const error = await startFailureOf(
        await writing(app, (output) => avroOf(schemaOf(output, N), registry)),
      )
      assert.equal(error.name, 'RegistryAccessError')
      assert.equal(error.code, 'SCHEMA_REGISTRY_ACCESS')
      assert.match(error.message, /\(see option auth\)$/)
      assert.doesNotMatch(String(error.stack), /horse|Basic/)
    }
    await using app = await TestApplication.create()
    const registry = switched.client({ auth: { username: 'flights', password: 'correct horse' } })
    await (await writing(app, (output) => avroOf(schemaOf(output, N), registry))).start()
  })

  for (const [name, problem] of Object.entries({
    'another service': PROBLEMS['is another service'],
    'other JSON': PROBLEMS['answers with other JSON'],
  })) {
    test(`with what is no registry: ${name}`, async () => {
      await using app = await TestApplication.create()
      await using switched = await SwitchedRegistry.start()
      switched.answer(problem)
      const registry = switched.client()
      const error = await startFailureOf(
        await writing(app, (output) => avroOf(schemaOf(output, N), registry)),
      )
      assert.equal(error.code, 'SCHEMA_REGISTRY_ANSWER')
      assert.match(error.message, new RegExp(`^schema registry ${switched.url} answered POST /subjects/`))
    })
  }
})
