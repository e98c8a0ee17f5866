import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { KStream } from '../../src/dsl/kstream.js'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { Suppressed } from '../../src/dsl/suppressed.js'
import { json } from '../../src/serdes/json.js'
import type { Serde } from '../../src/serdes/serde.js'
import { string } from '../../src/serdes/string.js'
import { Stores } from '../../src/state/stores-factory.js'
import { TopologyError } from '../../src/topology/topology-error.js'
import { TumblingWindows } from '../../src/windows/tumbling-windows.js'
import { stream, strings } from './golden/golden-topology.js'

type Untyped = KStream<string, string>

/** A stream whose types claim more than is so, as they do in JavaScript. */
const untyped = (value: unknown): Untyped => value as Untyped

interface Refused {
  readonly build: (builder: StreamsBuilder) => void
  readonly operator: string
  readonly message: RegExp
}

const REFUSED: Record<string, Refused> = {
  'a table without serdes': {
    build: (builder) => builder.table('airports', {} as typeof strings),
    operator: 'KSTREAM-SOURCE-0000000001',
    message: /it needs a key serde, and a topic tells none; give it one: table\(topic, \{ key: ... \}\)/,
  },
  'a table kept without a value serde': {
    build: (builder) =>
      builder
        .table('airports', strings)
        .mapValues(() => 'x', { store: 'mapped' } as { store: string; value: Serde<string> }),
    operator: 'KTABLE-MAPVALUES-0000000003',
    message: /it needs a value serde, and mapValues\(\) changed the value; give it one: mapValues\(mapper, /,
  },
  'a table grouped without serdes': {
    build: (builder) =>
      builder.table('airports', strings).groupBy((key, value) => [value, key], {} as typeof strings),
    operator: 'KTABLE-SELECT-0000000003',
    message: /it needs a key serde, and the groups are new; give it one: groupBy\(selector, /,
  },
  'suppress until windows close, without windows': {
    build: (builder) =>
      builder.table('airports', strings).suppress(Suppressed.untilWindowCloses() as never, { name: 'final' }),
    operator: 'final',
    message:
      /^final: the rows of its table are not those of windows, which close; suppress the table of a windowed/,
  },
  'two stores of one name for processors': {
    build: (builder) => {
      builder.addStateStore(Stores.keyValue('s', strings)).addStateStore(Stores.keyValue('s', strings))
      stream(builder)
    },
    operator: "store 's'",
    message: /there is another store of the name; choose another name, or share the one/,
  },
  "a store of a processor that has the name of a table's": {
    build: (builder) => {
      builder.addStateStore(Stores.keyValue('airports', strings))
      builder.table('in', { ...strings, store: 'airports' })
    },
    operator: 'KTABLE-SOURCE-0000000001',
    message: /its store 'airports' is the store of addStateStore\(\) already; choose another name/,
  },
  'an empty topology': {
    build: () => {},
    operator: 'topology',
    message: /^topology: it reads no topic; begin with StreamsBuilder.stream/,
  },
  'a stream of no topic': {
    build: (builder) => builder.stream([], { ...strings, name: 'nothing' }),
    operator: 'nothing',
    message: /^nothing: it reads no topic; name at least one/,
  },
  'a topic read by two sources': {
    build: (builder) => {
      stream(builder, 'flights')
      builder.stream(['airports', 'flights'], { ...strings, name: 'again' })
    },
    operator: 'again',
    message: /^again: topic 'flights' is read by KSTREAM-SOURCE-0000000000 already; keep the KStream/,
  },
  'an illegal topic name': {
    build: (builder) => stream(builder, 'my flights'),
    operator: "KSTREAM-SOURCE-0000000000, topic 'my flights'",
    message: /has characters other than A-Z, a-z, 0-9, '.', '_' and '-'; choose another name/,
  },
  'an illegal operator name': {
    build: (builder) => stream(builder).filter(() => true, { name: 'late/flights' }),
    operator: "operator 'late/flights'",
    message: /^operator 'late\/flights': the name 'late\/flights' has characters other than/,
  },
  'a name that is too long': {
    build: (builder) => stream(builder).filter(() => true, { name: 'x'.repeat(250) }),
    operator: `operator '${'x'.repeat(250)}'`,
    message: /the name has 250 characters, Kafka allows 249/,
  },
  'two operators of one name': {
    build: (builder) => {
      const input = stream(builder)
      input.filter(() => true, { name: 'late' })
      input.filterNot(() => true, { name: 'late' })
    },
    operator: "operator 'late'",
    message: /^operator 'late': the name is taken by another operator; choose another name/,
  },
  'two repartition topics of one name': {
    build: (builder) => {
      stream(builder).repartition({ name: 'twice' })
      stream(builder, 'other').repartition({ name: 'twice' })
    },
    operator: "operator 'twice-repartition-filter'",
    message: /the name is taken by another operator/,
  },
  'two stores of one name': {
    build: (builder) => {
      const grouped = stream(builder).groupByKey()
      grouped.count({ store: 'counts' })
      grouped.count({ store: 'counts', name: 'recount' })
    },
    operator: 'recount',
    message:
      /^recount: its store 'counts' is the store of KSTREAM-AGGREGATE-0000000001 already; choose another/,
  },
  'an illegal store name': {
    build: (builder) => stream(builder).groupByKey().count({ store: '..' }),
    operator: "store '..'",
    message: /the name '..' is reserved/,
  },
  'an output topic with the name of an internal one': {
    build: (builder) => {
      stream(builder).repartition({ name: 'moved' }).to('moved-repartition')
    },
    operator: 'KSTREAM-SINK-0000000004',
    message: /topic 'moved-repartition' has the name of an internal topic of this topology/,
  },
  'an impossible number of partitions': {
    build: (builder) => stream(builder).repartition({ name: 'moved', partitions: 0 }),
    operator: 'moved',
    message: /^moved: 0 partitions are not possible; give it an integer of at least 1/,
  },
  'a retention that forgets windows which may still change': {
    build: (builder) =>
      stream(builder)
        .groupByKey()
        .windowedBy(TumblingWindows.of('1h').grace('1h'))
        .count({ name: 'hourly', retention: '90m' }),
    operator: 'hourly',
    message: /^hourly: its retention of 5400000 ms is less than size \+ grace of its windows, 7200000 ms/,
  },
  'a split without end': {
    build: (builder) => stream(builder).split({ name: 'split-' }),
    operator: 'split-',
    message: /^split-: its split has no end; end it with defaultBranch\(\) or noDefaultBranch\(\)/,
  },
  'a split with two ends': {
    build: (builder) => {
      const split = stream(builder)
        .split({ name: 'split-' })
        .branch(() => true, { name: 'a' })
      split.noDefaultBranch()
      split.defaultBranch()
    },
    operator: 'split-',
    message: /^split-: its split has ended already/,
  },
  'streams of two builders': {
    build: (builder) => stream(builder).merge(stream(new StreamsBuilder(), 'other'), { name: 'both' }),
    operator: 'both',
    message: /^both: its input KSTREAM-SOURCE-0000000000 belongs to another StreamsBuilder/,
  },
  'a sink without value serde': {
    build: (builder) =>
      untyped(stream(builder).mapValues((value) => value.length)).to('out', { name: 'write' }),
    operator: 'write',
    message:
      /^write: it needs a value serde, and KSTREAM-MAPVALUES-0000000001 changed the value; give it one: to\(topic, \{ value: ... \}\)/,
  },
  'a repartition topic without key serde': {
    build: (builder) =>
      untyped(stream(builder).selectKey((_, value) => value)).repartition({ name: 'moved' }),
    operator: 'moved',
    message: /^moved: it needs a key serde, and KSTREAM-KEY-SELECT-0000000001 changed the key/,
  },
  'a group without key serde': {
    build: (builder) =>
      untyped(stream(builder).map((key, value) => [value, key], { name: 'swap' }))
        .groupByKey()
        .count({ name: 'counts' }),
    operator: 'counts',
    message:
      /^counts: it needs a key serde, and swap changed the key; give it one: groupByKey\(\{ key: ... \}\)/,
  },
  'an aggregate without serde': {
    build: (builder) => {
      const options = { name: 'sum' } as { name: string; value: ReturnType<typeof string> }
      stream(builder)
        .groupByKey()
        .aggregate(
          () => '',
          (_, value) => value,
          options,
        )
    },
    operator: 'sum',
    message:
      /^sum: it needs a value serde, and aggregates are of a type of their own; give it one: aggregate\(/,
  },
  'bytes of merged streams with different serdes': {
    build: (builder) =>
      stream(builder)
        .merge(builder.stream('other', { key: string(), value: json<string>() }))
        .to('out', { name: 'write' }),
    operator: 'write',
    message:
      /^write: it needs a value serde, and KSTREAM-MERGE-0000000002 merges streams of the serdes string and json/,
  },
}

describe('build() refuses', () => {
  for (const [what, { build, operator, message }] of Object.entries(REFUSED)) {
    test(what, () => {
      const builder = new StreamsBuilder()
      build(builder)
      assert.throws(
        () => builder.build(),
        (error) => {
          assert.ok(error instanceof TopologyError)
          assert.equal(error.code, 'INVALID_TOPOLOGY')
          assert.equal(error.operator, operator)
          assert.match(error.message, message)
          return true
        },
      )
    })
  }

  test('with a stack that shows the line of the wrong call', () => {
    const builder = new StreamsBuilder()
    const wrongCall = () => stream(builder).repartition({ partitions: -1 })
    wrongCall()
    assert.throws(() => builder.build(), { stack: /wrongCall/ })
  })
})
