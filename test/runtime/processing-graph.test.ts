import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { aggregate } from '../../operators/aggregate.js'
import { aggregating } from '../../operators/aggregation.js'
import { branch } from '../../operators/branch.js'
import { passThrough } from '../../operators/pass-through.js'
import type { OutsideCalls, Processor, ProcessorContext } from '../../operators/processor.js'
import { DeserializationError, ProcessingError, ProductionError } from '../../src/runtime/processing-error.js'
import { ProcessingGraph, type ProcessingPorts } from '../../src/runtime/processing-graph.js'
import type { RecordView } from '../../src/runtime/record-view.js'
import type { AsyncCallMetrics } from '../../src/runtime/stream-metrics.js'
import { StreamsError } from '../../src/runtime/streams-error.js'
import { int32 } from '../../src/serdes/int32.js'
import { json } from '../../src/serdes/json.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import { string } from '../../src/serdes/string.js'
import type { TimestampExtractor } from '../../src/time/timestamp-extractor.js'
import {
  InvalidTimestampError,
  logAndSkipOnInvalidTimestamp,
  usePartitionTimeOnInvalidTimestamp,
} from '../../src/time/timestamp-policies.js'
import { Watermarks } from '../../src/time/watermark-strategy.js'
import type {
  AnySinkNode,
  AnySourceNode,
  ProcessorNode,
  SubTopology,
} from '../../src/topology/sub-topology.js'
import { TestKeyValueStore } from '../operators/stores.js'

const source = (successors: string[], more: Partial<AnySourceNode> = {}): AnySourceNode => ({
  kind: 'source',
  name: 'source',
  topics: ['in'],
  key: string(),
  value: string(),
  offsetReset: 'earliest',
  successors,
  ...more,
})
const processor = (
  name: string,
  supplier: ProcessorNode['supplier'],
  successors: string[],
  stores: string[] = [],
): ProcessorNode => ({ kind: 'processor', name, supplier, stores, predecessors: [], successors })
const sink = (name: string, more: Partial<AnySinkNode> = {}): AnySinkNode => ({
  kind: 'sink',
  name,
  topic: name,
  key: string(),
  value: string(),
  predecessors: [],
  ...more,
})
const subTopology = (nodes: SubTopology['nodes'], stores: SubTopology['stores'] = []): SubTopology => ({
  id: 0,
  nodes,
  stores,
  sourceTopics: ['in'],
  repartitionSources: [],
  repartitionSinks: [],
  coPartitionings: [],
})
const storeNamed = (name: string) => ({
  kind: 'keyValue' as const,
  name,
  key: string(),
  value: json(),
  caching: false,
  logging: true,
})

const portsOf = (ports: Partial<ProcessingPorts> = {}): ProcessingPorts => ({
  taskId: '0_0',
  store: (name) => new TestKeyValueStore(name, false),
  sender: { send: () => undefined },
  dropped: () => undefined,
  ...ports,
})

function graphOf(topology: SubTopology, ports: Partial<ProcessingPorts> = {}) {
  const sent: unknown[][] = []
  const drops: string[] = []
  const graph = new ProcessingGraph(
    [topology],
    portsOf({
      sender: { send: (topic, key, value, timestamp) => sent.push([topic, key, value, timestamp]) },
      dropped: (node, reason) => drops.push(`${node}: ${reason}`),
      ...ports,
    }),
  )
  graph.reset()
  return { graph, sent, drops }
}

function recordOf(key: string | null, value: string | null, timestamp = 0, offset = 5): RecordView {
  const keyEnd = key?.length ?? 0
  return {
    buffer: Buffer.from(`${key ?? ''}${value ?? ''}`),
    keyStart: 0,
    keyEnd: key === null ? -1 : keyEnd,
    valueStart: keyEnd,
    valueEnd: value === null ? -1 : keyEnd + value.length,
    timestamp,
    offset,
    headers: NO_HEADERS,
  }
}

describe('a processing graph', () => {
  it('calls several children in the order of their creation, each with all that it causes', () => {
    const { graph, sent } = graphOf(
      subTopology([
        source(['second', 'first']),
        processor('first', passThrough(), ['a', 'b']),
        processor('second', passThrough(), ['c']),
        sink('a'),
        sink('b'),
        sink('c'),
      ]),
    )
    graph.source('in').process(recordOf('k', 'v', 7), 0)
    assert.deepEqual(sent, [
      ['a', 'k', 'v', 7],
      ['b', 'k', 'v', 7],
      ['c', 'k', 'v', 7],
    ])
  })

  it('tells its watermark and its timers to metrics without making processors: state is not restored yet', () => {
    const begun: string[] = []
    const noting = (): Processor<unknown, unknown, unknown, unknown> => ({
      init: ({ name }) => begun.push(name),
      process: () => undefined,
    })
    const read = source(['note'], { watermark: Watermarks.monotonous() })
    const watermarked = { ...subTopology([read, processor('note', noting, [])]), shuffles: new Map() }
    const graph = new ProcessingGraph([watermarked], portsOf())
    assert.equal(graph.watermark, undefined)
    assert.deepEqual([graph.timerMetrics, graph.callMetrics, begun], [[], [], []])

    graph.reset()
    assert.deepEqual(begun, ['note'])
  })

  it('runs without children, and with several topics on one source', () => {
    const { graph, sent } = graphOf(
      subTopology([
        source(['end', 'out'], { topics: ['in', 'too'] }),
        processor('end', passThrough(), []),
        sink('out'),
      ]),
    )
    graph.source('too').process(recordOf(null, null), 0)
    assert.deepEqual(sent, [['out', null, null, 0]])
    assert.deepEqual(graph.sourceTopics, ['in', 'too'])
    assert.throws(() => graph.source('other'), /task 0_0 does not read topic other/)
  })

  it('hands over what its operators have counted when they end, who count from 0 again', () => {
    const counts = { inFlight: 0, attempts: 3, retries: 0, timeouts: 0, failures: 0, breaker: undefined }
    const asking = (): Processor<unknown, unknown, unknown, unknown> => ({
      init: (context) => context.callsOutside({ counts, abandon: () => {} } as unknown as OutsideCalls),
      process: () => undefined,
    })
    const ended: AsyncCallMetrics[] = []
    const { graph } = graphOf(subTopology([source(['ask']), processor('ask', asking, [])]), {
      countsEnded: (calls) => ended.push(...calls),
    })
    const present = [{ task: '0_0', operator: 'ask', ...counts }]
    assert.deepEqual([graph.callMetrics, ended], [present, []])
    graph.reset()
    assert.deepEqual([graph.callMetrics, ended], [present, present])
    graph.close()
    graph.close()
    assert.deepEqual([graph.callMetrics, ended], [[], [...present, ...present]])
  })

  it('initializes children before their parents, and closes parents first', () => {
    const calls: string[] = []
    const noting = (name: string) => (): Processor<unknown, unknown, unknown, unknown> => ({
      init: () => calls.push(`init ${name}`),
      process: () => undefined,
      close: () => calls.push(`close ${name}`),
    })
    const { graph } = graphOf(
      subTopology([source(['a']), processor('a', noting('a'), ['b']), processor('b', noting('b'), [])]),
    )
    graph.close()
    assert.deepEqual(calls, ['init b', 'init a', 'close a', 'close b'])
  })

  it('gives a processor its own children and stores only', () => {
    let context!: ProcessorContext<unknown, unknown>
    const keeping = (): Processor<unknown, unknown, unknown, unknown> => ({
      init: (given) => {
        context = given
      },
      process: () => undefined,
    })
    graphOf(
      subTopology(
        [source(['a']), processor('a', keeping, [], ['mine'])],
        [storeNamed('mine'), storeNamed('yours')],
      ),
    )
    assert.equal(context.store('mine').name, 'mine')
    assert.throws(() => context.store('yours'), /operator a is not connected to store yours/)
    assert.throws(() => context.child('b'), /operator a has no child b/)
  })

  it('fails where a branch names a child that is not there', () => {
    const branched = branch([{ predicate: () => true, child: 'nowhere' }])
    assert.throws(
      () => graphOf(subTopology([source(['a']), processor('a', branched, [])])),
      /no child nowhere/,
    )
  })

  it('starts again with fresh processors and clocks after a reset', () => {
    const times: number[] = []
    const timing = (): Processor<unknown, unknown, unknown, unknown> => {
      let context!: ProcessorContext<unknown, unknown>
      return {
        init: (given) => {
          context = given
        },
        process: (_key, _value, timestamp) => times.push(context.clock.observe(timestamp)),
      }
    }
    const { graph } = graphOf(subTopology([source(['a']), processor('a', timing, [])]))
    graph.source('in').process(recordOf('k', 'v', 100), 0)
    graph.source('in').process(recordOf('k', 'v', 50), 0)
    graph.reset()
    assert.equal(graph.source('in').partitionTime(0), -1)
    graph.source('in').process(recordOf('k', 'v', 50), 0)
    assert.deepEqual(times, [100, 100, 50])
  })
})

describe('a source', () => {
  it('names record and part when bytes cannot be read', () => {
    const { graph, sent } = graphOf(subTopology([source(['out'], { value: int32() }), sink('out')]))
    assert.throws(
      () => graph.source('in').process(recordOf('k', 'four?', 0, 12), 3),
      (error: unknown) => {
        assert.ok(error instanceof DeserializationError)
        assert.deepEqual(
          [error.code, error.topic, error.partition, error.offset, error.part],
          ['DESERIALIZATION', 'in', 3, 12, 'value'],
        )
        assert.match(
          error.message,
          /source source cannot read the value at topic in, partition 3, offset 12: serde int32/,
        )
        return true
      },
    )
    assert.deepEqual(sent, [])
  })

  it('fails on an invalid timestamp unless it says otherwise', () => {
    const { graph } = graphOf(subTopology([source(['out']), sink('out')]))
    assert.throws(() => graph.source('in').process(recordOf('k', 'v', -1), 0), InvalidTimestampError)
  })

  it('drops and counts what its extractor leaves without a valid timestamp', () => {
    const byPolicy = (timestamp: TimestampExtractor<unknown, unknown>) => {
      const { graph, sent, drops } = graphOf(subTopology([source(['out'], { timestamp }), sink('out')]))
      graph.source('in').process(recordOf('k', 'v', -1), 0)
      assert.equal(graph.source('in').partitionTime(0), -1)
      assert.deepEqual([sent, drops], [[], ['source: invalid-timestamp']])
    }
    byPolicy(logAndSkipOnInvalidTimestamp())
    byPolicy((record) => Date.parse(String(record.value)))
  })

  it('keeps the partition time: the greatest timestamp of each partition', () => {
    const { graph, sent } = graphOf(
      subTopology([source(['out'], { timestamp: usePartitionTimeOnInvalidTimestamp() }), sink('out')]),
    )
    const input = graph.source('in')
    input.setPartitionTime(2, 40)
    input.process(recordOf('k', 'v', -1), 2)
    input.process(recordOf('k', 'v', 70), 2)
    input.process(recordOf('k', 'v', 60), 2)
    assert.deepEqual(
      [0, 1, 2, 3].map((partition) => input.partitionTime(partition)),
      [-1, -1, 70, -1],
    )
    assert.deepEqual(
      sent.map(([, , , timestamp]) => timestamp),
      [40, 70, 60],
    )
  })

  it('shows the extractor the whole record', () => {
    let seen: unknown
    const timestamp: TimestampExtractor<unknown, unknown> = (record, partitionTime) => {
      seen = { ...record, partitionTime }
      return 9
    }
    const { graph } = graphOf(subTopology([source(['out'], { timestamp }), sink('out')]))
    graph.source('in').process(recordOf('k', 'v', 7, 12), 3)
    const { headers, ...rest } = seen as Record<string, unknown>
    assert.equal(headers, NO_HEADERS)
    assert.deepEqual(rest, {
      key: 'k',
      value: 'v',
      timestamp: 7,
      topic: 'in',
      partition: 3,
      offset: 12,
      partitionTime: -1,
    })
  })

  it('names itself and the record when the extractor throws or returns a promise', () => {
    const wrong = [
      () => {
        throw new Error('no date')
      },
      () => Promise.resolve(1) as unknown as number,
    ]
    for (const timestamp of wrong) {
      const { graph } = graphOf(subTopology([source([], { timestamp })]))
      assert.throws(() => graph.source('in').process(recordOf('k', 'v'), 0), ProcessingError)
    }
  })
})

describe('a sink', () => {
  it('sends to the topic that its function chooses for each record', () => {
    const { graph, sent } = graphOf(
      subTopology([
        source(['out']),
        sink('out', { topic: (key, value, record) => `${key}-${value}-${record.timestamp}-${record.topic}` }),
      ]),
    )
    graph.source('in').process(recordOf('k', 'v', 7), 0)
    assert.deepEqual(sent, [['k-v-7-in', 'k', 'v', 7]])
  })

  it('fails where that function gives no topic', () => {
    const { graph } = graphOf(subTopology([source(['out']), sink('out', { topic: () => '' })]))
    assert.throws(() => graph.source('in').process(recordOf('k', 'v'), 0), ProcessingError)
  })

  it('names itself, the topic and the record where the record cannot be sent', () => {
    const sender = {
      send: () => {
        throw new TypeError('no such thing')
      },
    }
    const { graph } = graphOf(subTopology([source(['out']), sink('out')]), { sender })
    assert.throws(
      () => graph.source('in').process(recordOf('k', 'v', 0, 12), 3),
      (error: unknown) =>
        error instanceof ProductionError &&
        error.message ===
          'sink out cannot send to topic out what came from topic in, partition 3, offset 12: no such thing',
    )
  })

  it("leaves the engine's own errors as they are", () => {
    const engine = new StreamsError('UNKNOWN_TOPIC', 'there is no such topic')
    const sender = {
      send: () => {
        throw engine
      },
    }
    const { graph } = graphOf(subTopology([source(['out']), sink('out')]), { sender })
    assert.throws(
      () => graph.source('in').process(recordOf('k', 'v'), 0),
      (error: unknown) => error === engine,
    )
  })
})

describe('strict values', () => {
  const inPlace = aggregating(
    () => ({ words: [] as string[] }),
    (_key: string, value: string, all) => {
      ;(all.words as string[]).push(value)
      return all
    },
  )
  const aggregated = (strictValues: boolean, aggregation: Parameters<typeof aggregate>[0]) => {
    const store = new TestKeyValueStore<unknown, unknown>('s', false)
    const topology = subTopology(
      [source(['a']), processor('a', aggregate(aggregation, 's'), [], ['s'])],
      [storeNamed('s')],
    )
    return { ...graphOf(topology, { strictValues, store: () => store }), store }
  }

  it('find an aggregate that is changed in place', () => {
    const lenient = aggregated(false, inPlace as Parameters<typeof aggregate>[0])
    for (const value of ['a', 'b']) lenient.graph.source('in').process(recordOf('k', value), 0)
    assert.deepEqual(lenient.store.get('k')!.value, { words: ['a', 'b'] })

    const { graph } = aggregated(true, inPlace as Parameters<typeof aggregate>[0])
    graph.source('in').process(recordOf('k', 'a'), 0)
    assert.throws(
      () => graph.source('in').process(recordOf('k', 'b'), 0),
      /operator a failed .*not extensible/,
    )
  })

  it('find a value that its serde does not give back', () => {
    const dates = aggregating(
      () => new Date(0),
      (_key: string, _value: string, date) => new Date((date as Date).getTime() + 1),
    )
    const { graph } = aggregated(true, dates as Parameters<typeof aggregate>[0])
    graph.source('in').process(recordOf('k', 'a'), 0)
    assert.throws(() => graph.source('in').process(recordOf('k', 'b'), 0), /getTime is not a function/)
  })
})
