import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { ByteWriter, bytes, StreamsBuilder, string } from '../../../src/index.js'
import {
  avro,
  IncompatibleSchemaError,
  InMemorySchemaRegistry,
  NotRegisteredError,
  RegistryAccessError,
  RegistryAnswerError,
  RegistryUnavailableError,
  type SchemaRegistry,
  SchemaResolutionError,
  SubjectError,
} from '../../../src/serdes/schema-registry/index.js'
import {
  type RegisteredSerde,
  type RegisteredSerdeOptions,
  registered,
} from '../../../src/serdes/schema-registry/registered-serde.js'
import type { SerdeUse } from '../../../src/serdes/serde-use.js'
import { TopologyTestDriver } from '../../../src/testing/index.js'
import { greeting, greetings } from './greeting-format.js'

const writes = (topic: string | undefined, part: 'key' | 'value' = 'value'): SerdeUse => ({
  topic,
  part,
  access: 'write',
})
const reads = (topic: string): SerdeUse => ({ topic, part: 'value', access: 'read' })

function serdeOf(
  registry: SchemaRegistry,
  word: string | undefined,
  options: Partial<RegisteredSerdeOptions> = {},
): RegisteredSerde<string> {
  return registered(greetings(word === undefined ? undefined : greeting(word)), { registry, ...options })
}

function bytesOf(serde: RegisteredSerde<string>, value: string): Buffer {
  const target = new ByteWriter()
  serde.serialize(value, target)
  return target.copy()
}

const read = (serde: RegisteredSerde<string>, bytes: Buffer): string =>
  serde.deserialize(bytes, 0, bytes.length)

describe('a serde whose schema is registered', () => {
  it('writes the id of its schema before each value', () => {
    const registry = new InMemorySchemaRegistry()
    registry.register('other', greeting('other'))
    const id = registry.register('topic-value', greeting('hello '))
    const serde = serdeOf(registry, 'hello ')
    assert.equal(
      serde.open([writes('topic')]),
      undefined,
      'a registry that answers at once makes it ready at once',
    )
    const bytes = bytesOf(serde, 'hello you')
    assert.deepEqual([bytes[0], bytes.readInt32BE(1), bytes.toString('utf8', 5)], [0, id, 'hello you'])
    assert.equal(read(serde, bytes), 'hello you')
  })

  it('reads what other schemas wrote as its own has it', () => {
    const registry = new InMemorySchemaRegistry()
    const old = serdeOf(registry, 'hi ', { register: 'at-start' })
    old.open([writes('topic')])
    const now = serdeOf(registry, 'hello ', { register: 'at-start' })
    now.open([reads('topic')])
    assert.equal(read(now, bytesOf(old, 'hi you')), 'hello you')
    assert.deepEqual(registry.versions('topic-value').length, 1, 'who only reads registers nothing')
  })

  it('tells by each value that a schema cannot be read, and of values before and behind it nothing', () => {
    const registry = new InMemorySchemaRegistry()
    const writer = serdeOf(registry, 'hi ', { register: 'at-start' })
    writer.open([writes('topic')])
    const serde = serdeOf(registry, 'nothing')
    serde.open([reads('topic')])
    const bytes = bytesOf(writer, 'hi you')
    for (let time = 0; time < 2; time++) assert.throws(() => read(serde, bytes), SchemaResolutionError)
  })

  it('does not start where its schema is not registered, unless it is to register it', () => {
    const registry = new InMemorySchemaRegistry()
    assert.throws(
      () => serdeOf(registry, 'hello ').open([writes('topic')]),
      (error) => {
        assert.ok(error instanceof NotRegisteredError)
        assert.match(error.message, /subject topic-value/)
        return true
      },
    )
    serdeOf(registry, 'hello ', { register: 'at-start' }).open([writes('topic')])
    assert.equal(registry.versions('topic-value').length, 1)
    serdeOf(registry, 'hello ').open([writes('topic')])
  })

  it('has the latest schema where the code has none', () => {
    const registry = new InMemorySchemaRegistry()
    registry.register('topic-value', greeting('hi '))
    registry.register('topic-value', greeting('hello '))
    const serde = serdeOf(registry, undefined)
    serde.open([writes('topic')])
    assert.equal(read(serde, bytesOf(serde, 'hello you')), 'hello you')
    assert.throws(() => bytesOf(serde, 'hi you'))
    assert.throws(() => serdeOf(registry, undefined).open([writes('empty')]), NotRegisteredError)
  })

  it('reads values as they were written where nothing was registered when it began', () => {
    const registry = new InMemorySchemaRegistry()
    const serde = serdeOf(registry, undefined)
    serde.open([reads('topic')])
    const writer = serdeOf(registry, 'hi ', { register: 'at-start' })
    writer.open([writes('topic')])
    assert.equal(read(serde, bytesOf(writer, 'hi you')), 'hi you')
  })

  it('tells which schema it is that cannot be read', () => {
    const registry = new InMemorySchemaRegistry()
    const writer = serdeOf(registry, 'hi ', { register: 'at-start' })
    writer.open([writes('topic')])
    const serde = serdeOf(registry, 'nothing')
    serde.open([reads('topic')])
    assert.throws(() => read(serde, bytesOf(writer, 'hi you')), {
      message: `schema 1 of ${registry.name}: hi  cannot be read as nothing`,
    })
  })

  it('does not take the latest schema where that is of another language', () => {
    const registry = new InMemorySchemaRegistry()
    registry.register('topic-value', { type: 'AVRO', schema: '"int"' })
    assert.throws(
      () => serdeOf(registry, undefined).open([writes('topic')]),
      (error) => {
        assert.ok(error instanceof SubjectError)
        assert.match(
          error.message,
          /AVRO as the latest of subject topic-value, and serde greeting is for JSON/,
        )
        return true
      },
    )
  })

  for (const problem of [
    new RegistryUnavailableError('registry', 'ECONNREFUSED'),
    new RegistryAccessError('registry', 'who are you?'),
    new RegistryAnswerError('registry', '<html>'),
  ]) {
    it(`is opened anew for its rows with what it knows, after ${problem.name}`, () => {
      const registry = new InMemorySchemaRegistry()
      const serde = serdeOf(registry, 'hello ', { register: 'at-start' })
      const rows: SerdeUse = { topic: 'changelog', part: 'value', access: 'state' }
      serde.open([rows])
      registry.versions = () => {
        throw problem
      }
      serde.open([rows])
      assert.equal(read(serde, bytesOf(serde, 'hello you')), 'hello you')
    })
  }

  it('is opened where a version that rows may have been written with is no schema any longer', () => {
    const registry = new InMemorySchemaRegistry()
    registry.register('changelog-value', greeting('hello '))
    const version = registry.version('changelog-value', 'latest')!
    registry.versions = () => [{ ...version, id: 77 }, version]
    const serde = serdeOf(registry, 'hello ')
    serde.open([{ topic: 'changelog', part: 'value', access: 'state' }])
    assert.equal(read(serde, bytesOf(serde, 'hello you')), 'hello you')
  })

  it('says in our words, too, why its subject does not take its schema', () => {
    const registry = new InMemorySchemaRegistry()
    const schemaOf = (...fields: object[]) => ({ type: 'record', name: 'R', fields }) as const
    const n = { name: 'n', type: 'int' }
    avro({ registry, register: 'at-start', schema: schemaOf(n) }).open?.([writes('topic')], {})
    registry.register = (subject) => {
      throw new IncompatibleSchemaError(subject, ['no'])
    }
    const next = avro({ registry, register: 'at-start', schema: schemaOf(n, { name: 'm', type: 'int' }) })
    assert.throws(
      () => next.open?.([writes('topic')], {}),
      /next version: no; R\.m: field added without default/,
    )
  })

  it('says that it was not opened', () => {
    const serde = serdeOf(new InMemorySchemaRegistry(), 'hello ')
    assert.throws(() => bytesOf(serde, 'hello you'), /before its schema is looked up in the registry/)
    assert.throws(() => read(serde, Buffer.from([0, 0, 0, 0, 1, 65])), /before its schema is looked up/)
  })

  it('can be opened for more uses later', () => {
    const registry = new InMemorySchemaRegistry()
    const serde = serdeOf(registry, 'hello ', { register: 'at-start' })
    serde.open([reads('in')])
    serde.open([writes('out')])
    serde.open([{ topic: 'changelog', part: 'value', access: 'state' }])
    assert.equal(read(serde, bytesOf(serde, 'hello you')), 'hello you')
    assert.ok(registry.version('out-value', 'latest'))
    assert.ok(registry.version('changelog-value', 'latest'))
  })
})

describe('subjects', () => {
  const subjectsOf = (options: Partial<RegisteredSerdeOptions>, ...uses: SerdeUse[]): string[] => {
    const registry = new InMemorySchemaRegistry()
    serdeOf(registry, 'hello', { register: 'at-start', ...options }).open(uses)
    const all = ['orders-key', 'orders-value', 'test.hello', 'orders-test.hello', 'mine-orders-test.hello']
    return all.filter((subject) => registry.versions(subject).length > 0)
  }

  it('are named by topic and part, by record, by both, or by a function', () => {
    assert.deepEqual(subjectsOf({}, writes('orders'), writes('orders', 'key')), [
      'orders-key',
      'orders-value',
    ])
    assert.deepEqual(subjectsOf({ subject: 'record-name' }, writes('orders'), writes(undefined)), [
      'test.hello',
    ])
    assert.deepEqual(subjectsOf({ subject: 'topic-record-name' }, writes('orders')), ['orders-test.hello'])
    const subject = ({ topic }: SerdeUse, record: string | undefined) => `mine-${topic}-${record}`
    assert.deepEqual(subjectsOf({ subject }, writes('orders')), ['mine-orders-test.hello'])
  })

  it('cannot be named by a topic that is chosen for each record', () => {
    assert.throws(
      () => subjectsOf({}, writes(undefined)),
      (error) => {
        assert.ok(error instanceof SubjectError)
        assert.match(error.message, /record-name/)
        return true
      },
    )
  })

  it('have one id for a schema', () => {
    const registry = new InMemorySchemaRegistry()
    const lookup = (subject: string) => subject.length
    const serde = serdeOf(Object.assign(Object.create(registry), { lookup }), 'hello')
    assert.throws(
      () => serde.open([writes('a'), writes('other')]),
      /a-value \(schema 7\), other-value \(schema 11\)/,
    )
  })

  it('are told of a serde without asking for them', () => {
    const registry = new InMemorySchemaRegistry()
    const serde = serdeOf(registry, 'hello')
    const steps = serde.subjects([reads('in'), writes('out')])
    const { value, done } = steps.next()
    assert.equal(done, true)
    assert.deepEqual(value, [
      { use: reads('in'), subject: 'in-value', schema: greeting('hello') },
      { use: writes('out'), subject: 'out-value', schema: greeting('hello') },
    ])
  })
})

describe('a test driver', () => {
  const topologyOf = (value: RegisteredSerde<string>) => {
    const builder = new StreamsBuilder()
    builder
      .stream('in', { key: string(), value })
      .groupByKey()
      .reduce((_, next) => next, { store: 'last', value })
      .toStream()
      .to('out', { key: string(), value })
    return builder.build()
  }

  it('runs with a registry in memory', () => {
    const registry = new InMemorySchemaRegistry({ registersOnLookup: true })
    const serde = () => serdeOf(registry, 'hello ')
    using driver = new TopologyTestDriver(topologyOf(serde()))
    const input = driver.createInputTopic('in', { key: string(), value: serdeOf(registry, 'hi ') })
    const output = driver.createOutputTopic('out', { key: string(), value: serde() })
    input.pipe('k', 'hi you')
    assert.deepEqual(output.readKeyValues(), [['k', 'hello you']])
    assert.deepEqual(registry.versions('topology-test-driver-last-changelog-value').length, 1)
  })

  it('is told what a record is that cannot be read, and leaves it out where it is to', () => {
    const registry = new InMemorySchemaRegistry({ registersOnLookup: true })
    const poison: readonly (readonly [Buffer, RegExp])[] = [
      [Buffer.from([0, 0, 0, 0, 99, 1]), /offset 0: schema registry in memory has no schema 99$/],
      [Buffer.from('hello you'), /the first byte is 104 and not 0/],
      [Buffer.from([0, 0]), /2 bytes are fewer than the 5 of the header/],
    ]
    for (const [bad, message] of poison) {
      using driver = new TopologyTestDriver(topologyOf(serdeOf(registry, 'hello ')))
      const input = driver.createInputTopic('in', { key: string(), value: bytes() })
      assert.throws(() => input.pipe('k', bad), { code: 'DESERIALIZATION', message })
    }
    using driver = new TopologyTestDriver(topologyOf(serdeOf(registry, 'hello ')), {
      deserializationExceptionHandler: 'continue',
    })
    const input = driver.createInputTopic('in', { key: string(), value: bytes() })
    for (const [bad] of poison) input.pipe('k', bad)
    assert.deepEqual([...driver.droppedRecords.values()], [poison.length])
  })

  it('refuses one that has to be waited for', () => {
    const registry = new InMemorySchemaRegistry({ registersOnLookup: true })
    const slow: SchemaRegistry = Object.assign(Object.create(registry), {
      lookup: async (...asked: Parameters<InMemorySchemaRegistry['lookup']>) => registry.lookup(...asked),
    })
    assert.throws(() => new TopologyTestDriver(topologyOf(serdeOf(slow, 'hello '))), { code: 'ASYNC_SERDE' })
  })
})
