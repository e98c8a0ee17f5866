import assert from 'node:assert/strict'
import { describe } from 'node:test'
import {
  failOnInvalidTimestamp,
  type KStream,
  PromiseReturnedError,
  type Serde,
  StreamsBuilder,
  serde,
  string,
} from '../../../src/index.js'
import {
  assertCounted,
  countingApplication,
  type countingTopology,
  numbered,
} from '../../support/counting.js'
import { assertRow, type ErrorRow, situation } from '../../support/error-table.js'
import { failureOf } from '../../support/failure.js'
import type { TestApplication } from '../../support/test-application.js'

const RECORDS = numbered(100, { keys: 1 })
/** The record that is at fault, of `RECORDS`. */
const AT_FAULT = '60'

const refusing = (what: string): Serde<string> =>
  serde({
    name: 'refusing',
    serialize: (value: string) => {
      if (what === 'output' && value === AT_FAULT) throw new RangeError(`${value} is refused`)
      return Buffer.from(value)
    },
    deserialize: (bytes) => {
      const value = Buffer.from(bytes).toString()
      if (what === 'input' && value === AT_FAULT) throw new RangeError(`${value} is refused`)
      return value
    },
  })

interface Fault {
  /** Between the source and the count. */
  readonly on?: (stream: KStream<string, string>) => KStream<string, string>
  readonly value?: Serde<string>
  readonly output?: Serde<string>
  readonly timestamp?: (value: string, timestamp: number) => number
}

/** `countingTopology` with something at fault. */
function faultyTopology(input: string, output: string, fault: Fault) {
  const builder = new StreamsBuilder()
  const { on = (stream) => stream, value = string(), timestamp } = fault
  const source = builder.stream<string, string>(input, {
    key: string(),
    value,
    name: 'read',
    ...(timestamp === undefined
      ? {}
      : { timestamp: failOnInvalidTimestamp((record) => timestamp(record.value!, record.timestamp)) }),
  })
  on(source)
    .groupByKey({ value: string() })
    .count({ store: 'counts' })
    .toStream()
    .mapValues(String)
    .to(output, { value: fault.output ?? string(), name: 'write' })
  return builder.build()
}

/**
 * The record at fault ends the client with the error of the row; the records before it are counted once at most, and
 * without the fault all of them are, each once.
 */
async function stopsAtTheRecord(row: ErrorRow, fault: Fault): Promise<Error> {
  assert.equal(row.outcome, 'stops')
  const { app, input, output, topology } = await countingApplication()
  await using _ = app
  await app.client.write(input, RECORDS)
  const streams = app.streams(faultyTopology(input, output, fault))
  const failed = failureOf(streams)
  await streams.start()
  const error = await failed
  assertRow(error, row)
  const at = error as unknown as { topic?: string; offset?: number }
  if (at.topic !== undefined) assert.deepEqual([at.topic, at.offset], [input, Number(AT_FAULT)])
  assert.match(error.message, new RegExp(`topic ${input}, partition \\d, offset ${AT_FAULT}`))
  await goesOnFromThere(app, input, output, topology)
  return error
}

async function goesOnFromThere(
  app: TestApplication,
  input: string,
  output: string,
  topology: ReturnType<typeof countingTopology>,
): Promise<void> {
  const offsets = await app.committedOffsets(input)
  assert.ok(offsets.every((committed) => committed === undefined || committed.offset <= Number(AT_FAULT)))
  assert.ok((await app.client.read(output)).length <= Number(AT_FAULT))
  app.failures.length = 0
  await app.started(topology)
  await app.committed(input)
  await assertCounted(app, output, RECORDS)
}

describe('a record', () => {
  situation('a record that its serde cannot read (a poison record)', async (row) => {
    await stopsAtTheRecord(row, { value: refusing('input') })
  })

  situation('a function that throws', async (row) => {
    const fault: Fault = {
      on: (stream) =>
        stream.mapValues(
          (value) => {
            if (value === AT_FAULT) throw new TypeError(`${value} is refused`)
            return value
          },
          { name: 'check' },
        ),
    }
    const error = await stopsAtTheRecord(row, fault)
    assert.ok(error.cause instanceof TypeError)
  })

  situation('a function that returns a promise', async (row) => {
    const promising = ((value: string) =>
      value === AT_FAULT ? Promise.resolve(value) : value) as unknown as (value: string) => string
    const error = await stopsAtTheRecord(row, {
      on: (stream) => stream.mapValues(promising, { name: 'ask' }),
    })
    assert.ok(error.cause instanceof PromiseReturnedError)
  })

  situation('a record without a valid timestamp', async (row) => {
    await stopsAtTheRecord(row, {
      timestamp: (value, timestamp) => (value === AT_FAULT ? -1 : timestamp),
    })
  })

  situation('a record that cannot be serialized', async (row) => {
    // Counts are 1, 2, 3: the count 60 is that of the record with offset 59.
    const { app, input, output, topology } = await countingApplication()
    await using _ = app
    await app.client.write(input, RECORDS)
    const streams = app.streams(faultyTopology(input, output, { output: refusing('output') }))
    const failed = failureOf(streams)
    await streams.start()
    const error = await failed
    assertRow(error, row)
    assert.match(
      error.message,
      new RegExp(`to topic ${output} what came from topic ${input}, partition \\d, offset 59`),
    )
    await goesOnFromThere(app, input, output, topology)
  })

  situation('a record larger than its topic takes', async (row) => {
    const { app, input, topology, output } = await countingApplication()
    await using _ = app
    const small = await app.topic('small', 1, { 'max.message.bytes': '1000' })
    await app.client.write(input, RECORDS)
    const builder = new StreamsBuilder()
    builder
      .stream(input, { key: string(), value: string() })
      .mapValues((value) => (value === AT_FAULT ? 'x'.repeat(5000) : value))
      .to(small, { value: string() })
    const streams = app.streams(builder.build())
    const failed = failureOf(streams)
    await streams.start()
    const error = await failed
    assertRow(error, row)
    assert.match(error.message, new RegExp(`topic ${small} \\(partition 0\\)`))
    assert.deepEqual(await app.client.read(small), [])
    await goesOnFromThere(app, input, output, topology)
  })
})
