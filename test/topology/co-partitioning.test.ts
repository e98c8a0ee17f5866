import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import type { KStream } from '../../src/dsl/kstream.js'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { CoPartitioningError, internalTopics } from '../../src/runtime/internal-topics.js'
import { TopologyError } from '../../src/topology/topology-error.js'
import { stream, strings } from './golden/golden-topology.js'

const both = (left: unknown, right: unknown): string => `${left}${right}`
const byValue = (of: KStream<string, string>) => of.selectKey((_, value) => value)

/** The partitions of the internal topics of a topology, by their names. */
function partitionsOf(
  build: (builder: StreamsBuilder) => void,
  userTopics: Readonly<Record<string, number>>,
): Record<string, number> {
  const builder = new StreamsBuilder()
  build(builder)
  const specs = internalTopics(builder.build().subTopologies, 'app', (topic) => userTopics[topic])
  return Object.fromEntries(specs.map(({ topic, partitions }) => [topic, partitions]))
}

const refusedAtStart = (
  build: (builder: StreamsBuilder) => void,
  userTopics: Readonly<Record<string, number>>,
  ...parts: readonly string[]
): void =>
  assert.throws(
    () => partitionsOf(build, userTopics),
    (error) => error instanceof CoPartitioningError && parts.every((part) => error.message.includes(part)),
  )

describe('co-partitioning', () => {
  test('is asked of a stream and the table that it is joined with', () => {
    const join = (builder: StreamsBuilder) => {
      stream(builder, 's').join(builder.table('t', strings), both, { name: 'joined' })
    }
    partitionsOf(join, { s: 3, t: 3 })
    refusedAtStart(join, { s: 3, t: 2 }, 'joined', "'s' with 3 partitions", "'t' with 2", 'repartition(')
  })

  test('is asked of all tables of a join of joins', () => {
    const join = (builder: StreamsBuilder) => {
      const [a, b, c] = ['a', 'b', 'c'].map((topic) => builder.table(topic, strings))
      a!.join(b!, both).leftJoin(c!, both, { name: 'second' })
    }
    partitionsOf(join, { a: 2, b: 2, c: 2 })
    refusedAtStart(join, { a: 2, b: 2, c: 4 }, 'second', "'a' with 2", "'c' with 4")
  })

  test('is asked of all topics of one stream', () => {
    const join = (builder: StreamsBuilder) => {
      builder.stream(['s1', 's2'], strings).join(builder.table('t', strings), both)
    }
    refusedAtStart(join, { s1: 3, s2: 1, t: 3 }, "'s1' with 3", "'s2' with 1")
  })

  test('is asked of the streams of a cogroup', () => {
    const cogroup = (builder: StreamsBuilder) => {
      const add = (_: string, value: string, all: string) => all + value
      const [first, second] = [stream(builder, 'a').groupByKey(), stream(builder, 'b').groupByKey()]
      first
        .cogroup<string>(add)
        .cogroup(second, add)
        .aggregate(() => '', { value: strings.value })
    }
    partitionsOf(cogroup, { a: 2, b: 2 })
    refusedAtStart(cogroup, { a: 2, b: 3 }, "'a' with 2", "'b' with 3")
  })

  test('is not asked of streams that are merged, nor of what lies behind a repartition topic', () => {
    partitionsOf((builder) => stream(builder, 'a').merge(stream(builder, 'b')).to('out'), { a: 1, b: 2 })
    const grouped = (builder: StreamsBuilder) => {
      const counts = byValue(stream(builder, 'a')).groupByKey(strings).count()
      counts.toStream().to('out')
      stream(builder, 'b').to('other')
    }
    partitionsOf(grouped, { a: 1, b: 2 })
  })

  test('gives a repartition topic the partitions of the topic that it is joined with', () => {
    const join = (builder: StreamsBuilder) => {
      byValue(stream(builder, 's')).join(builder.table('t', { ...strings, store: 't' }), both, {
        key: strings.key,
        name: 'by-value',
      })
    }
    const expected = { 'app-by-value-repartition': 2, 'app-t-changelog': 2 }
    assert.deepEqual(partitionsOf(join, { s: 5, t: 2 }), expected)
  })

  test('gives two repartition topics that are joined the greater count, or the one that was asked for', () => {
    const join = (partitions?: number) => (builder: StreamsBuilder) => {
      const table = byValue(stream(builder, 't')).toTable({ ...strings, store: 'table', name: 'table' })
      byValue(stream(builder, 's'))
        .repartition({ name: 'stream', key: strings.key, partitions })
        .join(table, both)
    }
    const topics = (count: number) => ({
      'app-stream-repartition': count,
      'app-table-repartition': count,
      'app-table-changelog': count,
    })
    assert.deepEqual(partitionsOf(join(), { s: 5, t: 2 }), topics(5))
    assert.deepEqual(partitionsOf(join(3), { s: 5, t: 2 }), topics(3))
  })

  test('gives the topics of a foreign-key join the partitions of the tables that they lead to, joined again or not', () => {
    const join = (builder: StreamsBuilder) => {
      const left = builder.table('l', { ...strings, store: 'left' })
      const right = builder.table('r', { ...strings, store: 'right' })
      const third = builder.table('t', { ...strings, store: 'third' })
      left
        .join(right, (value) => value, both, { name: 'first', ...strings, store: 'joined' })
        .join(third, (value) => value, both, { name: 'second' })
    }
    assert.deepEqual(partitionsOf(join, { l: 3, r: 5, t: 2 }), {
      'app-first-subscription-registration-topic': 5,
      'app-first-subscription-response-topic': 3,
      'app-first-subscription-store-changelog': 5,
      'app-joined-changelog': 3,
      'app-left-changelog': 3,
      'app-right-changelog': 5,
      'app-second-subscription-registration-topic': 2,
      'app-second-subscription-response-topic': 3,
      'app-second-subscription-store-changelog': 2,
      'app-third-changelog': 2,
    })
  })

  test('that was made impossible is refused: at the start, or by build() where both counts are known', () => {
    const moved = (builder: StreamsBuilder, topic: string, partitions: number) =>
      stream(builder, topic).repartition({ name: topic, partitions })
    const withTopic = (builder: StreamsBuilder) => {
      moved(builder, 's', 4).join(builder.table('t', strings), both)
    }
    refusedAtStart(withTopic, { s: 1, t: 2 }, "'s-repartition' with 4", "'t' with 2")
    const builder = new StreamsBuilder()
    moved(builder, 's', 4).join(moved(builder, 't', 3).toTable(), both, { name: 'joined' })
    assert.throws(
      () => builder.build(),
      (error) =>
        error instanceof TopologyError &&
        ['joined', "'s-repartition' with 4", "'t-repartition' with 3"].every((part) =>
          error.message.includes(part),
        ),
    )
  })
})
