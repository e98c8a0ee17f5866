import {
  JoinWindows,
  json,
  type KStream,
  type KTable,
  type Serde,
  Suppressed,
  string,
} from '../../src/index.js'
import { stream, strings } from '../topology/golden/golden-topology.js'
import type { Misuses } from './misuse.js'

type Untyped = KStream<string, string>

/** A stream whose types claim more than is so, as they do in JavaScript. */
const untyped = (value: unknown): Untyped => value as Untyped

/** Options that lack what their type requires, as they do in JavaScript. */
const without = (options: object = {}) =>
  options as { value: Serde<string>; key: Serde<string>; store: string }

/** Bytes that nobody knows how to make. */
export const SERDES: Misuses = {
  'a source without serdes': (builder) => builder.stream('flights', without()),
  'a table without serdes': (builder) => builder.table('airports', without()),
  'a sink without value serde': (builder) =>
    untyped(stream(builder).mapValues((value) => value.length)).to('out', { name: 'write' }),
  'a sink without key serde': (builder) =>
    untyped(stream(builder).selectKey((_, value) => value)).to('out', { name: 'write' }),
  'a repartition topic without key serde': (builder) =>
    untyped(stream(builder).selectKey((_, value) => value)).repartition({ name: 'moved' }),
  'a group without key serde': (builder) =>
    untyped(stream(builder).map((key, value) => [value, key], { name: 'swap' }))
      .groupByKey()
      .count({ name: 'counts' }),
  'a group by a new key without its serde': (builder) =>
    stream(builder)
      .groupBy((_, value) => value, without({ name: 'by-value' }))
      .count({ name: 'counts' }),
  'a reduction of values without serde': (builder) =>
    untyped(stream(builder).mapValues((value) => value.length))
      .groupByKey()
      .reduce((left) => left, { name: 'last' }),
  'an aggregate without serde': (builder) =>
    stream(builder)
      .groupByKey()
      .aggregate(
        () => '',
        (_, value) => value,
        without({ name: 'sum' }),
      ),
  'a cogrouped aggregate without serde': (builder) =>
    stream(builder)
      .groupByKey()
      .cogroup<string>((_, value) => value)
      .aggregate(() => '', without({ name: 'all' })),
  'an asynchronous operator without value serde': (builder) =>
    untyped(stream(builder).mapValues(String)).mapValuesAsync(async (value) => value, { name: 'ask' }),
  'a stream as a table without key serde': (builder) =>
    untyped(stream(builder).selectKey((_, value) => value)).toTable({ name: 'table' }),
  'a table kept without a value serde': (builder) =>
    builder.table('airports', strings).mapValues(() => 'x', without({ store: 'mapped' })),
  'a transformed table kept without a value serde': (builder) =>
    builder
      .table('airports', strings)
      .transformValues(() => ({ transform: () => 'x' }), without({ store: 'kept' })),
  'a table grouped without serdes': (builder) =>
    builder.table('airports', strings).groupBy((key, value) => [value, key], without()),
  'a buffer without value serde': (builder) =>
    (
      builder.table('airports', strings).mapValues((value) => value.length) as unknown as KTable<
        string,
        string
      >
    ).suppress(Suppressed.untilTimeLimit('1s'), { name: 'calm' }),
  'bytes of merged streams with different serdes': (builder) =>
    stream(builder)
      .merge(builder.stream('other', { key: string(), value: json<string>() }))
      .to('out', { name: 'write' }),
  'a join of a stream with a new key without its serde': (builder) =>
    untyped(stream(builder).selectKey((_, value) => value)).join(
      stream(builder, 'other'),
      (left, right) => left + right,
      JoinWindows.of('1m'),
      { name: 'both' },
    ),
  'a join with a stream of values without serde': (builder) =>
    stream(builder).leftJoin(
      untyped(stream(builder, 'other').mapValues((value) => value.length)),
      (left, right) => left + right,
      JoinWindows.of('1m'),
      { name: 'both' },
    ),
}
