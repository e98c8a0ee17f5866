import { JoinWindows, Stores, StreamsBuilder, Suppressed } from '../../src/index.js'
import { stream, strings } from '../topology/golden/golden-topology.js'
import type { Misuses } from './misuse.js'

/** Names that are wrong, taken, or not given where they must be. */
export const NAMES: Misuses = {
  'an operator name with characters that topics do not take': (builder) =>
    stream(builder).filter(() => true, { name: 'late/flights' }),
  'an empty name': (builder) => stream(builder).filter(() => true, { name: '' }),
  'a name that is too long': (builder) => stream(builder).filter(() => true, { name: 'x'.repeat(250) }),
  'a store name that Kafka reserves': (builder) => stream(builder).groupByKey().count({ store: '..' }),
  'a source topic that cannot be': (builder) => stream(builder, 'my flights'),
  'an output topic that cannot be': (builder) => stream(builder).to('my flights', { name: 'write' }),
  'two operators of one name': (builder) => {
    const input = stream(builder)
    input.filter(() => true, { name: 'late' })
    input.filterNot(() => true, { name: 'late' })
  },
  'two branches of one name': (builder) =>
    stream(builder)
      .split({ name: 'by-delay-' })
      .branch(() => true, { name: 'late' })
      .branch(() => true, { name: 'late' })
      .noDefaultBranch(),
  'two repartition topics of one name': (builder) => {
    stream(builder).repartition({ name: 'twice' })
    stream(builder, 'other').repartition({ name: 'twice' })
  },
  'two stores of one name': (builder) => {
    const grouped = stream(builder).groupByKey()
    grouped.count({ store: 'counts' })
    grouped.count({ store: 'counts', name: 'recount' })
  },
  'two joins whose stores have one name': (builder) => {
    const [left, right] = [stream(builder), stream(builder, 'other')]
    const plus = (one: string, other: string) => one + other
    left.join(right, plus, JoinWindows.of('1m'), { store: 'both' })
    left.join(right, plus, JoinWindows.of('1h'), { store: 'both' })
  },
  'two stores of one name for processors': (builder) => {
    builder.addStateStore(Stores.keyValue('s', strings)).addStateStore(Stores.keyValue('s', strings))
    stream(builder)
  },
  "a store for processors that has the name of an operator's": (builder) => {
    builder.addStateStore(Stores.keyValue('airports', strings))
    builder.table('in', { ...strings, store: 'airports' })
  },
  'an output topic with the name of an internal one': (builder) =>
    stream(builder).repartition({ name: 'moved' }).to('moved-repartition', { name: 'write' }),
  'a store without name under ensureExplicitNames': {
    explicitNames: true,
    build: (builder) => stream(builder).groupByKey().count({ name: 'counts' }),
  },
  'a repartition topic without name under ensureExplicitNames': {
    explicitNames: true,
    build: (builder) => stream(builder).repartition(),
  },
  'a buffer without name under ensureExplicitNames': {
    explicitNames: true,
    build: (builder) =>
      builder.table('in', { ...strings, store: 't' }).suppress(Suppressed.untilTimeLimit('1s')),
  },
  'a topic read by two sources': (builder) => {
    stream(builder, 'flights')
    builder.stream(['airports', 'flights'], { ...strings, name: 'again' })
  },
  'streams of two builders': (builder) =>
    stream(builder).merge(stream(new StreamsBuilder(), 'other'), { name: 'both' }),
}
