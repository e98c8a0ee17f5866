import assert from 'node:assert/strict'
import { describe } from 'node:test'
import { type KafkaStreams, StreamsBuilder, string } from '../../../src/index.js'
import {
  avro,
  confluentSchemaRegistry,
  type SchemaRegistry,
} from '../../../src/serdes/schema-registry/index.js'
import { assertRow, type ErrorRow, situation } from '../../support/error-table.js'
import { failureOf, startFailureOf } from '../../support/failure.js'
import type { HttpAnswer } from '../../support/http-server.js'
import { writeRaw } from '../../support/raw-records.js'
import { testRegistry } from '../../support/registry.js'
import { PROBLEMS, SwitchedRegistry } from '../../support/switched-registry.js'
import { TestApplication } from '../../support/test-application.js'

interface Sum {
  readonly n: number
}

const direct = confluentSchemaRegistry({ url: await testRegistry() })

const N = { name: 'n', type: 'int' }

/** A record of Avro named as a topic, so that no other test has its schema. */
const schemaOf = (topic: string, ...fields: readonly object[]): string =>
  JSON.stringify({ type: 'record', name: topic.replaceAll(/\W/g, '_'), fields })

/** An application that copies numbers from one topic to another, and where they come from. */
class Copies implements AsyncDisposable {
  private constructor(
    readonly app: TestApplication,
    readonly input: string,
    readonly output: string,
  ) {}

  static async create(): Promise<Copies> {
    const app = await TestApplication.create()
    return new Copies(app, await app.topic('input', 1), await app.topic('output', 1))
  }

  /** @param reader schema that the input is read with */
  streams(
    registry: SchemaRegistry,
    reader = schemaOf(this.input, N),
    register: 'never' | 'at-start' = 'at-start',
  ): KafkaStreams {
    const builder = new StreamsBuilder()
    builder
      .stream(this.input, { key: string(), value: avro<Sum>({ registry, schema: reader }), name: 'read' })
      .to(this.output, {
        value: avro<Sum>({ registry, schema: schemaOf(this.output, N), register }),
      })
    return this.app.streams(builder.build())
  }

  /** Writes numbers to the input with a schema of an id; default: the one that it is read with. */
  async write(numbers: readonly number[], id?: number): Promise<void> {
    const schema = { type: 'AVRO', schema: schemaOf(this.input, N) } as const
    const header = Buffer.alloc(5)
    header.writeInt32BE(id ?? Number(await direct.register(`${this.input}-value`, schema)), 1)
    const bytes = numbers.map((n) => Buffer.concat([header, Buffer.of(2 * n)]))
    await writeRaw(
      this.app.client,
      this.input,
      0,
      bytes.map((value) => ({ key: Buffer.from('k'), value })),
    )
  }

  /** Asserts that so many numbers are in the output, once all of the input has been read. */
  async copied(count: number): Promise<void> {
    await this.app.committed(this.input)
    assert.equal((await this.app.client.read(this.output)).length, count)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.app[Symbol.asyncDispose]()
  }
}

/** A start that fails as the row says, loses nothing, and succeeds when its cause is gone. */
async function doesNotStart(copies: Copies, row: ErrorRow, failing: KafkaStreams): Promise<void> {
  assert.equal(row.outcome, 'stops')
  await copies.write([1, 2])
  assertRow(await startFailureOf(failing), row)
  await copies.streams(direct).start()
  await copies.copied(2)
}

/** An application that is running, or starting, warns once as the row says, and goes on when the problem is over. */
async function goesOn(row: ErrorRow, problem: HttpAnswer, when: 'start' | 'read'): Promise<void> {
  assert.equal(row.outcome, 'goes on')
  await using copies = await Copies.create()
  await using switched = await SwitchedRegistry.start()
  const streams = copies.streams(switched.client())
  const warnings: Error[] = []
  streams.on('warning', (warning) => warnings.push(warning))
  if (when === 'read') await streams.start()
  switched.answer(problem)
  await copies.write([1, 2])
  const starting = when === 'start' ? streams.start() : undefined
  await copies.app.until('it says so', () => warnings.length > 0)
  switched.letThrough()
  await starting
  await copies.copied(2)
  assert.equal(warnings.length, 1)
  assertRow(warnings[0], row)
}

describe('a schema', { concurrency: true }, () => {
  situation('a record whose schema the registry does not have', async (row) => {
    assert.equal(row.outcome, 'stops')
    await using copies = await Copies.create()
    await copies.write([1])
    await copies.write([2], 2 ** 31 - 1)
    await copies.write([3])
    const streams = copies.streams(direct)
    const failed = failureOf(streams)
    await streams.start()
    assertRow(await failed, row)
    copies.app.failures.length = 0
    assert.ok(((await copies.app.committedOffsets(copies.input))[0]?.offset ?? 0) <= 1)
  })

  situation('a record whose schema the one in the code cannot resolve', async (row) => {
    assert.equal(row.outcome, 'stops')
    await using copies = await Copies.create()
    await copies.write([1])
    const streams = copies.streams(direct, schemaOf(copies.input, { name: 'n', type: 'string' }))
    const failed = failureOf(streams)
    await streams.start()
    assertRow(await failed, row)
    copies.app.failures.length = 0
    await copies.streams(direct).start()
    await copies.copied(1)
  })

  situation('a schema that nobody has registered', async (row) => {
    await using copies = await Copies.create()
    await doesNotStart(copies, row, copies.streams(direct, undefined, 'never'))
  })

  situation('a schema that its subject does not take', async (row) => {
    await using copies = await Copies.create()
    const subject = `${copies.output}-value`
    const before = schemaOf(copies.output, { name: 'n', type: 'string' })
    await direct.setCompatibility(subject, 'BACKWARD')
    await direct.register(subject, { type: 'AVRO', schema: before })
    const failing = copies.streams(direct)
    await copies.write([1, 2])
    assertRow(await startFailureOf(failing), row)
  })

  situation('a schema registry that refuses access', async (row) => {
    await using copies = await Copies.create()
    await using switched = await SwitchedRegistry.start()
    switched.answer(PROBLEMS['asks for credentials'])
    await doesNotStart(copies, row, copies.streams(switched.client()))
  })

  situation('something else in place of a schema registry', async (row) => {
    await using copies = await Copies.create()
    await using switched = await SwitchedRegistry.start()
    switched.answer(PROBLEMS['is another service'])
    await doesNotStart(copies, row, copies.streams(switched.client()))
  })

  situation('no schema registry at the start', (row) => goesOn(row, 'close', 'start'))

  situation('a schema registry that goes away and comes back', (row) => goesOn(row, 'close', 'read'))

  situation('access to a schema registry that is taken away and given back', (row) =>
    goesOn(row, PROBLEMS['asks for credentials'], 'read'),
  )
})
