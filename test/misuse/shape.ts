import {
  int64,
  JoinWindows,
  type Processor,
  Stores,
  string,
  Timers,
  TopologyBuilder,
} from '../../src/index.js'
import { stream, strings } from '../topology/golden/golden-topology.js'
import type { Misuses } from './misuse.js'

const nothing: Processor<string, string, string, string> = { process: () => undefined }
const fresh = () => ({ ...nothing })
const timers = () => Timers.of('timers', { key: string() })
const withTimers = () => ({ ...nothing, onTimer: () => undefined })
const withSource = () => new TopologyBuilder().addSource('in', 'in', strings)
const totals = () => Stores.keyValue('totals', { key: string(), value: int64() })

/** Parts that do not make a topology. */
export const SHAPE: Misuses = {
  'an empty topology': () => {},
  'a stream of no topic': (builder) => builder.stream([], { ...strings, name: 'nothing' }),
  'a split without end': (builder) => stream(builder).split({ name: 'split-' }),
  'a split with two ends': (builder) => {
    const split = stream(builder)
      .split({ name: 'split-' })
      .branch(() => true, { name: 'a' })
    split.noDefaultBranch()
    split.defaultBranch()
  },
  'an impossible number of partitions': (builder) =>
    stream(builder).repartition({ name: 'moved', partitions: 0 }),
  'a join of repartition topics of different numbers of partitions': (builder) =>
    stream(builder)
      .repartition({ name: 'left', partitions: 2 })
      .join(
        stream(builder, 'other').repartition({ name: 'right', partitions: 3 }),
        (left, right) => left + right,
        JoinWindows.of('1m'),
        { name: 'both' },
      ),
  'an asynchronous operator without capacity': (builder) =>
    stream(builder).mapValuesAsync(async (value) => value, { name: 'ask', capacity: 0 }),
  'an asynchronous operator without capacity for bytes': (builder) =>
    stream(builder).mapValuesAsync(async (value) => value, { name: 'ask', capacityBytes: 0.5 }),
  'an asynchronous operator in an order that there is not': (builder) =>
    stream(builder).mapValuesAsync(async (value) => value, { name: 'ask', order: 'time' as never }),
  'a circuit breaker that opens at no failure': (builder) =>
    stream(builder).mapValuesAsync(async (value) => value, {
      name: 'ask',
      circuitBreaker: { failures: 0, openFor: '1s' },
    }),
  'an optimization that there is not': (builder) => {
    stream(builder)
    builder.build({ optimization: ['merge.repartition.topics'] as never })
  },
  'one processor for all tasks': (builder) => stream(builder).process(() => nothing, { name: 'sum' }),
  'one value processor for all tasks': (builder) => {
    const shared = { process: () => undefined }
    stream(builder).processValues(() => shared, { name: 'sum' })
  },
  'timers for a processor without onTimer': (builder) =>
    stream(builder).process(fresh, { name: 'sum', timers: timers() }),
  'one set of timers for two processors': (builder) => {
    const shared = { timers: timers() }
    for (const name of ['a', 'b']) stream(builder, name).process(withTimers, { name, ...shared })
  },
  'one transformer for all tasks': (builder) => {
    const shared = { transform: () => 'x' }
    builder.table('in', strings).transformValues(() => shared, { name: 'names' })
  },
  'a node of a name that is taken': () => withSource().addSource('in', 'other', strings),
  'a node that reads without serdes': () => new TopologyBuilder().addSource('in', 'in', {} as typeof strings),
  'a node that writes without value serde': () =>
    withSource().addSink('out', 'out', ['in'], { key: string() } as typeof strings),
  'a node whose parent is not there': () => withSource().addProcessor('sum', fresh, ['out']),
  'a node below a sink': () =>
    withSource().addSink('out', 'out', ['in'], strings).addProcessor('sum', fresh, ['out']),
  'a node without parent': () => withSource().addProcessor('sum', fresh, []),
  'a node with one processor for all tasks': () => withSource().addProcessor('sum', () => nothing, ['in']),
  'a store for a processor that is not there': () => withSource().addStateStore(totals(), ['sum']),
  'two stores of one name in a TopologyBuilder': () =>
    withSource().addStateStore(totals()).addStateStore(totals()),
  'a TopologyBuilder without source': () => new TopologyBuilder().build(),
}
