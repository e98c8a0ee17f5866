import type { ProcessorSupplier } from '../../operators/processor.js'
import { ProcessingGraph } from '../../src/runtime/processing-graph.js'
import type { RecordSender } from '../../src/runtime/sink-processor.js'
import { json } from '../../src/serdes/json.js'
import type { JsonValue } from '../../src/serdes/json-value.js'
import { NO_HEADERS, type RecordHeaders } from '../../src/serdes/record-headers.js'
import type { StateStore } from '../../src/state/store.js'
import type { SubTopology, TopologyNode } from '../../src/topology/sub-topology.js'

type Json = JsonValue | undefined

export interface Sent {
  readonly topic: string
  readonly key: unknown
  readonly value: unknown
  readonly timestamp: number
  readonly headers: RecordHeaders
}

// biome-ignore lint/suspicious/noExplicitAny: a topology holds suppliers of many types.
type AnySupplier = ProcessorSupplier<any, any, any, any>

/** One operator between a source `in` and sinks, with what it sent and dropped. */
export class Harness {
  readonly sent: Sent[] = []
  readonly drops: string[] = []
  readonly graph: ProcessingGraph
  private offset = 0

  constructor(
    supplier: AnySupplier,
    options: { readonly stores?: readonly StateStore[]; readonly sinks?: readonly string[] } = {},
  ) {
    const stores = options.stores ?? []
    const sender: RecordSender = {
      send: (topic, key, value, timestamp, headers) => {
        this.sent.push({ topic, key, value, timestamp, headers })
      },
    }
    this.graph = new ProcessingGraph([subTopologyOf(supplier, stores, options.sinks ?? ['out'])], {
      taskId: '0_0',
      store: (name) => stores.find((store) => store.name === name)!,
      sender,
      dropped: (node, reason) => this.drops.push(`${node}: ${reason}`),
    })
  }

  /** Sends a record through; returns what it caused. */
  pipe(key: Json, value: Json, timestamp = 0, headers = NO_HEADERS): readonly Sent[] {
    const before = this.sent.length
    const keyBytes = Buffer.from(key === null ? '' : JSON.stringify(key))
    const valueBytes = Buffer.from(value === null ? '' : JSON.stringify(value))
    const keyEnd = keyBytes.length
    const view = {
      buffer: Buffer.concat([keyBytes, valueBytes]),
      keyStart: 0,
      keyEnd: key === null ? -1 : keyEnd,
      valueStart: keyEnd,
      valueEnd: value === null ? -1 : keyEnd + valueBytes.length,
      offset: this.offset++,
      timestamp,
      headers,
    }
    this.graph.source('in').process(view, 3)
    return this.sent.slice(before)
  }

  /** What a record caused, as `[key, value]`. */
  pairs(key: Json, value: Json, timestamp = 0): unknown[] {
    return this.pipe(key, value, timestamp).map((sent) => [sent.key, sent.value])
  }
}

function subTopologyOf(
  supplier: AnySupplier,
  stores: readonly StateStore[],
  sinks: readonly string[],
): SubTopology {
  const anything = json<JsonValue>()
  const nodes: TopologyNode[] = [
    {
      kind: 'source',
      name: 'source',
      topics: ['in'],
      key: anything,
      value: anything,
      offsetReset: 'earliest',
      successors: ['operator'],
    },
    {
      kind: 'processor',
      name: 'operator',
      supplier,
      stores: stores.map((store) => store.name),
      predecessors: ['source'],
      successors: sinks,
    },
    ...sinks.map(
      (name): TopologyNode => ({
        kind: 'sink',
        name,
        topic: name,
        key: anything,
        value: anything,
        predecessors: ['operator'],
      }),
    ),
  ]
  const definitions = stores.map((store) => ({
    kind: 'keyValue' as const,
    name: store.name,
    key: anything,
    value: anything,
    caching: false,
    logging: true,
  }))
  return {
    id: 0,
    nodes,
    stores: definitions,
    sourceTopics: ['in'],
    repartitionSources: [],
    repartitionSinks: [],
    coPartitionings: [],
  }
}
