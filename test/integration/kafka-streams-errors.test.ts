import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import {
  int64,
  type KafkaStreams,
  PromiseReturnedError,
  StreamsBuilder,
  type StreamsError,
  string,
  type Topology,
} from '../../src/index.js'
import { ClassicLevelStateDatabase } from '../../src/state/classic-level-state-database.js'
import { WriteBatch } from '../../src/state/write-batch.js'
import { assertCounted, countingApplication, countingTopology, numbered } from '../support/counting.js'
import { TestApplication } from '../support/test-application.js'

/** The error that ends a client, once it has ended. */
async function failureOf(streams: KafkaStreams): Promise<StreamsError> {
  const [error] = (await once(streams, 'error')) as [StreamsError]
  await streams.close()
  assert.equal(streams.state, 'error')
  return error
}

describe('a user function', () => {
  test('that throws ends the client, named with its record; one that is fixed goes on from there', async () => {
    const { app, input, output, topology } = await countingApplication()
    await using _ = app
    const records = numbered(100, { keys: 1 })
    await app.client.write(input, records)
    const refusing = countingTopology(input, output, (value) => {
      if (value === '60') throw new TypeError('60 is refused')
    })
    const streams = app.streams(refusing)
    const failed = failureOf(streams)
    await streams.start()
    const error = await failed
    assert.equal(error.name, 'ProcessingError')
    assert.equal(error.code, 'PROCESSING')
    assert.match(
      error.message,
      new RegExp(`operator check .* ${input}, partition \\d, offset 60: 60 is refused`),
    )
    assert.ok(error.cause instanceof TypeError)

    const committed = await app.committedOffsets(input)
    assert.ok(committed.every((offset) => offset === undefined || offset.offset <= 60))
    assert.ok((await app.client.read(output)).length <= 60)
    app.failures.length = 0
    await app.started(topology)
    await app.committed(input)
    await assertCounted(app, output, records)
  })

  test('that returns a promise ends the client, and the message says why', async () => {
    const app = await TestApplication.create()
    await using _ = app
    const input = await app.topic('input', 1)
    const builder = new StreamsBuilder()
    const promising = (async (value: string) => value) as unknown as (value: string) => string
    builder
      .stream(input, { key: string(), value: string() })
      .mapValues(promising, { name: 'ask' })
      .to(input, { value: string() })
    await app.client.write(input, numbered(3))
    const streams = app.streams(builder.build())
    const failed = failureOf(streams)
    await streams.start()
    const error = await failed
    assert.match(error.message, new RegExp(`operator ask .* ${input}, partition 0, offset 0: .*promise`, 'i'))
    assert.ok(error.cause instanceof PromiseReturnedError)
  })
})

describe('a record that', () => {
  const copying = (input: string, output: string): Topology => {
    const builder = new StreamsBuilder()
    builder.stream(input, { key: string(), value: int64(), name: 'numbers' }).to(output, { name: 'out' })
    return builder.build()
  }

  test('its serde cannot read ends the client, with where it is', async () => {
    const app = await TestApplication.create()
    await using _ = app
    const [input, output] = [await app.topic('input', 1), await app.topic('output', 1)]
    await app.client.write(input, [
      { key: 'a', value: '\0\0\0\0\0\0\0\x01', timestamp: 1 },
      { key: 'b', value: 'more than 8', timestamp: 2 },
    ])
    const streams = app.streams(copying(input, output))
    const failed = failureOf(streams)
    await streams.start()
    const error = await failed
    assert.equal(error.code, 'DESERIALIZATION')
    assert.match(
      error.message,
      new RegExp(`numbers cannot read the value at topic ${input}, partition 0, offset 1`),
    )
  })

  test('is larger than the topic takes ends the client, with topic and size', async () => {
    const app = await TestApplication.create()
    await using _ = app
    const input = await app.topic('input', 1, { 'max.message.bytes': '2000000' })
    const output = await app.topic('output', 1, { 'max.message.bytes': '1000' })
    await app.client.write(input, [{ key: 'a', value: 'x'.repeat(5000), timestamp: 1 }])
    const builder = new StreamsBuilder()
    builder.stream(input, { key: string(), value: string() }).to(output)
    const streams = app.streams(builder.build())
    const failed = failureOf(streams)
    await streams.start()
    assert.match((await failed).message, new RegExp(`max\\.message\\.bytes of topic ${output}`))
  })
})

describe('a topic', () => {
  test('that is read and does not exist fails the start, with or without state', async () => {
    const app = await TestApplication.create()
    await using _ = app
    const builder = new StreamsBuilder()
    builder.stream('nowhere', { key: string(), value: string() }).to('nowhere')
    for (const topology of [builder.build(), countingTopology('nowhere', 'nowhere')]) {
      const streams = app.streams(topology)
      await assert.rejects(streams.start(), {
        name: 'MissingSourceTopicError',
        message: /'nowhere' does not exist/,
      })
      assert.equal(streams.state, 'error')
    }
  })

  test('of the application that has other partitions than it needs fails the start, with the cure', async () => {
    const { app, input, topology } = await countingApplication()
    await using _ = app
    const changelog = app.internalTopic('counts-changelog')
    await app.client.create(changelog, 3)
    await assert.rejects(app.streams(topology).start(), {
      name: 'InternalTopicMismatchError',
      message: new RegExp(`${changelog} has 3 partitions, the topology needs 2: .*reset`),
    })
    assert.deepEqual(await app.committedOffsets(input), [undefined, undefined])
  })

  for (const kind of ['fixed', 'chosen by the record']) {
    test(`that is written, ${kind}, and does not exist ends the client`, async () => {
      const app = await TestApplication.create()
      await using _ = app
      const input = await app.topic('input', 1)
      const builder = new StreamsBuilder()
      const stream = builder.stream(input, { key: string(), value: string() })
      if (kind === 'fixed') stream.to('nowhere')
      else stream.to((_, value) => (value === '1' ? 'nowhere' : input))
      await app.client.write(input, numbered(2))
      const streams = app.streams(builder.build())
      const failed = failureOf(streams)
      await streams.start()
      const error = await failed
      assert.equal(error.name, 'UnknownTopicError')
      assert.match(error.message, /'nowhere' does not exist/)
      assert.deepEqual(await app.committedOffsets(input), [undefined])
    })
  }

  test('chosen by the record gets its records, by key and in order', async () => {
    const app = await TestApplication.create()
    await using _ = app
    const input = await app.topic('input', 2)
    const outputs = [await app.topic('even', 2), await app.topic('odd', 3)]
    const builder = new StreamsBuilder()
    builder.stream(input, { key: string(), value: string() }).to((_, value) => outputs[Number(value) % 2]!)
    const records = numbered(100, { keys: 10 })
    await app.client.write(input, records)
    await app.started(builder.build())
    await app.committed(input)
    for (const [remainder, output] of outputs.entries()) {
      const values = await app.valuesByKey(output)
      assert.equal(values.size, 5)
      for (const [key, written] of values) {
        const expected = records.filter((record) => record.key === key).map(({ value }) => value)
        assert.deepEqual(written, expected)
        assert.ok(written.every((value) => Number(value) % 2 === remainder))
      }
    }
  })
})

describe('a state directory', () => {
  test('is refused while another client has it, and free again after that', async () => {
    const { app, topology } = await countingApplication()
    await using _ = app
    const first = await app.started(topology)
    await assert.rejects(app.streams(topology).start(), {
      code: 'STATE_DIRECTORY_LOCKED',
      message: /is in use by another process: stop that one, or give this one another stateDir/,
    })
    await first.close()
    await app.started(topology)
  })

  test('is refused where another version of the format wrote it', async () => {
    const { app, topology } = await countingApplication()
    await using _ = app
    const streams = await app.started(topology)
    await streams.close()
    const path = join(app.options().stateDir!, app.applicationId, 'meta')
    const meta = await ClassicLevelStateDatabase.open(path)
    const batch = new WriteBatch()
    batch.add(Buffer.from('formatVersion'), Buffer.from('99'))
    await meta.write(batch)
    await meta.close()
    await assert.rejects(app.streams(topology).start(), {
      code: 'UNKNOWN_STATE_FORMAT',
      message: /format version 99, .* delete the directory/,
    })
  })
})

describe('a topology that keeps other state', () => {
  const renamed = (input: string, output: string): Topology => {
    const builder = new StreamsBuilder()
    builder
      .stream(input, { key: string(), value: string() })
      .groupByKey()
      .count({ store: 'totals' })
      .toStream()
      .mapValues(String)
      .to(output, { value: string() })
    return builder.build()
  }

  test('is refused by the state on disk, and where that is gone by the committed offsets', async () => {
    const { app, input, output, topology } = await countingApplication()
    await using _ = app
    await app.client.write(input, numbered(50))
    const former = await app.started(topology)
    await app.committed(input)
    await former.close()
    const committed = await app.committedOffsets(input)

    for (const name of ['TopologyChangedError', 'IncompatibleCommitError']) {
      const streams = app.streams(renamed(input, output))
      const failed = failureOf(streams)
      await streams.start()
      const error = await failed
      assert.equal(error.name, name)
      assert.equal(error.code, 'TOPOLOGY_CHANGED')
      assert.match(error.message, /another applicationId|a new applicationId/)
      await app.deleteState()
    }
    assert.deepEqual(await app.committedOffsets(input), committed)
  })

  test('does not get into a group that runs the former one', async () => {
    const { app, input, output, topology } = await countingApplication()
    await using _ = app
    const running = await app.started(topology, {}, 'one')
    await app.until('it runs', () => running.state === 'running')
    const other = app.streams(renamed(input, output), {}, 'two')
    const failed = failureOf(other)
    await other.start()
    const error = await failed
    assert.equal(error.code, 'TOPOLOGY_CHANGED')
    assert.match(error.message, /the group runs another topology/)

    await app.client.write(input, numbered(20))
    app.failures.length = 0
    await app.committed(input)
    assert.equal(running.state, 'running')
    await assertCounted(app, output, numbered(20))
  })
})

test('offsets that have expired are missed: a task with state does not start without them', async () => {
  const { app, input, topology } = await countingApplication()
  await using _ = app
  await app.client.write(input, numbered(50))
  const former = await app.started(topology)
  await app.committed(input)
  await former.close()
  await app.client.admin.deleteGroup(app.applicationId)
  const streams = app.streams(topology)
  const failed = failureOf(streams)
  await streams.start()
  const error = await failed
  assert.equal(error.name, 'MissingOffsetsError')
  assert.match(error.message, /task 0_\d of .* has state, .* reset the application/)
})
