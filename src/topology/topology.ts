import { describe } from './describe.js'
import { fingerprint } from './fingerprint.js'
import type { SubTopology } from './sub-topology.js'

/** What `StreamsBuilder.build()` makes and `KafkaStreams` and `TopologyTestDriver` run. Immutable. */
export class Topology {
  /**
   * A stable hash of all that state and internal topics depend on: sub-topologies and what they read, repartition
   * topics, stores with their kinds, serdes, window sizes and retention. Functions and stateless operators may
   * change without changing it.
   */
  readonly fingerprint: string

  /**
   * @param subTopologies what tasks run
   * @param known its fingerprint, where topics were found that it reads by a pattern
   * @param globals what every thread runs for the global stores, numbered together with the others
   */
  constructor(
    readonly subTopologies: readonly SubTopology[],
    known?: string,
    readonly globals: readonly SubTopology[] = [],
  ) {
    this.fingerprint = known ?? fingerprint([...globals, ...subTopologies])
  }

  /**
   * The topology as text, as Kafka Streams' `Topology.describe()` prints the same topology, so that tools for the
   * one read the other.
   *
   * @example
   * ```ts
   * const copies = new StreamsBuilder()
   * copies.stream('flights', { key: string(), value: bytes() }).to('copy')
   * assert.equal(copies.build().describe(), `Topologies:
   *    Sub-topology: 0
   *     Source: KSTREAM-SOURCE-0000000000 (topics: [flights])
   *       --> KSTREAM-SINK-0000000001
   *     Sink: KSTREAM-SINK-0000000001 (topic: copy)
   *       <-- KSTREAM-SOURCE-0000000000
   *
   * `)
   * ```
   */
  describe(): string {
    return describe(this.subTopologies, this.globals)
  }
}
