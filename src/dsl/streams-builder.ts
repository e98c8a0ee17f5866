import type { Serde } from '../serdes/serde.js'
import { compile } from '../topology/compile.js'
import type { Topology } from '../topology/topology.js'
import { GraphBuilder } from './graph-builder.js'
import type { KStream } from './kstream.js'
import type { SourceOptions } from './operator-options.js'
import { StreamOf } from './stream-of.js'
import { UnknownSerde } from './unknown-serde.js'

/**
 * Builds a topology: what is read, what happens to it, where it goes. Nothing runs yet; `KafkaStreams` and
 * `TopologyTestDriver` run what `build()` returns.
 *
 * @example
 * ```ts
 * const builder = new StreamsBuilder()
 * builder
 *   .stream('flights', { key: string(), value: json<Flight>() })
 *   .groupBy((_, flight) => flight.destination, { key: string() })
 *   .count({ store: 'arrivals' })
 *   .toStream()
 *   .to('arrivals-per-airport')
 * const topology = builder.build()
 * ```
 */
export class StreamsBuilder {
  private readonly graph = new GraphBuilder((state) => new StreamOf(state))

  /**
   * The records of one topic or several. The topics must exist; several are read as one stream.
   *
   * The types say what is in the topic, so a null (a record without key, a tombstone) comes as a surprise to a
   * function that does not expect it. Where there can be one, say so: `stream<string | null, Flight | null>(...)`.
   *
   * @example
   * ```ts
   * builder.stream('flights', {
   *   key: string(),
   *   value: json<Flight>(),
   *   timestamp: ({ value }) => Date.parse(value.date),
   * })
   * ```
   */
  stream<K, V>(topics: string | readonly string[], options: SourceOptions<K, V>): KStream<K, V> {
    const { graph } = this
    const name = graph.names.operator('KSTREAM-SOURCE-', options.name)
    const serdes = {
      key: this.serde(name, 'key', options.key),
      value: this.serde(name, 'value', options.value),
    }
    const list = typeof topics === 'string' ? [topics] : [...topics]
    if (list.length === 0) graph.refuse(name, 'it reads no topic', 'name at least one')
    const node = graph.add({
      kind: 'source',
      name,
      topics: list,
      ...serdes,
      timestamp: options.timestamp,
      offsetReset: options.offsetReset ?? 'earliest',
    })
    return new StreamOf({ builder: graph, node, ...serdes, rekeyed: false })
  }

  /**
   * The topology as it has been built so far. Can be called again; the builder stays as it is.
   *
   * @throws {TopologyError} if it cannot run; the message names the operator and says what to do.
   * @example
   * ```ts
   * const streams = new KafkaStreams(builder.build(), { applicationId: 'flights', brokers: ['localhost:9092'] })
   * ```
   */
  build(): Topology {
    return compile(this.graph.graph())
  }

  private serde<T>(operator: string, part: 'key' | 'value', given: Serde<T>): Serde<T> {
    const known = new UnknownSerde('a topic tells none')
    return this.graph.serde({ operator, call: 'stream(topic, ', part, given, known })
  }
}
