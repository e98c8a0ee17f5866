import { string } from '../../../src/serdes/string.js'
import { type GoldenTopology, stream, strings } from './golden-topology.js'

/** What Kafka Streams 4.3.1 prints where topics are shared, repeated and ordered. */
export const REPARTITION_TOPICS: readonly GoldenTopology[] = [
  {
    cases: ['named group shared by two aggregations'],
    build: (builder) => {
      const group = stream(builder).groupBy((_, value) => value, { key: string(), name: 'g' })
      group.count({ store: 'c' }).toStream().to('out-c')
      stream(builder, 'other')
        .filter(() => true)
        .to('out-other')
      group
        .reduce((_, value) => value, { store: 'r' })
        .toStream()
        .to('out-r')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> g
    Processor: g (stores: [])
      --> g-repartition-filter
      <-- KSTREAM-SOURCE-0000000000
    Processor: g-repartition-filter (stores: [])
      --> g-repartition-sink
      <-- g
    Sink: g-repartition-sink (topic: g-repartition)
      <-- g-repartition-filter

  Sub-topology: 1
    Source: KSTREAM-SOURCE-0000000008 (topics: [other])
      --> KSTREAM-FILTER-0000000009
    Processor: KSTREAM-FILTER-0000000009 (stores: [])
      --> KSTREAM-SINK-0000000010
      <-- KSTREAM-SOURCE-0000000008
    Sink: KSTREAM-SINK-0000000010 (topic: out-other)
      <-- KSTREAM-FILTER-0000000009

  Sub-topology: 2
    Source: g-repartition-source (topics: [g-repartition])
      --> KSTREAM-AGGREGATE-0000000002, KSTREAM-REDUCE-0000000011
    Processor: KSTREAM-AGGREGATE-0000000002 (stores: [c])
      --> KTABLE-TOSTREAM-0000000006
      <-- g-repartition-source
    Processor: KSTREAM-REDUCE-0000000011 (stores: [r])
      --> KTABLE-TOSTREAM-0000000015
      <-- g-repartition-source
    Processor: KTABLE-TOSTREAM-0000000006 (stores: [])
      --> KSTREAM-SINK-0000000007
      <-- KSTREAM-AGGREGATE-0000000002
    Processor: KTABLE-TOSTREAM-0000000015 (stores: [])
      --> KSTREAM-SINK-0000000016
      <-- KSTREAM-REDUCE-0000000011
    Sink: KSTREAM-SINK-0000000007 (topic: out-c)
      <-- KTABLE-TOSTREAM-0000000006
    Sink: KSTREAM-SINK-0000000016 (topic: out-r)
      <-- KTABLE-TOSTREAM-0000000015

`,
  },
  {
    cases: ['unnamed group aggregated twice'],
    build: (builder) => {
      const group = stream(builder).groupBy((_, value) => value, { key: string() })
      group.count({ store: 'c' }).toStream().to('out-c')
      group
        .reduce((_, value) => value)
        .toStream()
        .to('out-r')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> KSTREAM-FILTER-0000000011, c-repartition-filter
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-FILTER-0000000011 (stores: [])
      --> KSTREAM-SINK-0000000010
      <-- KSTREAM-KEY-SELECT-0000000001
    Processor: c-repartition-filter (stores: [])
      --> c-repartition-sink
      <-- KSTREAM-KEY-SELECT-0000000001
    Sink: KSTREAM-SINK-0000000010 (topic: KSTREAM-REDUCE-STATE-STORE-0000000008-repartition)
      <-- KSTREAM-FILTER-0000000011
    Sink: c-repartition-sink (topic: c-repartition)
      <-- c-repartition-filter

  Sub-topology: 1
    Source: c-repartition-source (topics: [c-repartition])
      --> KSTREAM-AGGREGATE-0000000002
    Processor: KSTREAM-AGGREGATE-0000000002 (stores: [c])
      --> KTABLE-TOSTREAM-0000000006
      <-- c-repartition-source
    Processor: KTABLE-TOSTREAM-0000000006 (stores: [])
      --> KSTREAM-SINK-0000000007
      <-- KSTREAM-AGGREGATE-0000000002
    Sink: KSTREAM-SINK-0000000007 (topic: out-c)
      <-- KTABLE-TOSTREAM-0000000006

  Sub-topology: 2
    Source: KSTREAM-SOURCE-0000000012 (topics: [KSTREAM-REDUCE-STATE-STORE-0000000008-repartition])
      --> KSTREAM-REDUCE-0000000009
    Processor: KSTREAM-REDUCE-0000000009 (stores: [KSTREAM-REDUCE-STATE-STORE-0000000008])
      --> KTABLE-TOSTREAM-0000000013
      <-- KSTREAM-SOURCE-0000000012
    Processor: KTABLE-TOSTREAM-0000000013 (stores: [])
      --> KSTREAM-SINK-0000000014
      <-- KSTREAM-REDUCE-0000000009
    Sink: KSTREAM-SINK-0000000014 (topic: out-r)
      <-- KTABLE-TOSTREAM-0000000013

`,
  },
  {
    cases: ['repartition twice'],
    build: (builder) => {
      stream(builder)
        .selectKey((_, value) => value)
        .repartition({ ...strings, name: 'first', partitions: 3 })
        .groupBy((_, value) => value, { key: string() })
        .count({ name: 'n' })
        .toStream()
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> first-repartition-filter
      <-- KSTREAM-SOURCE-0000000000
    Processor: first-repartition-filter (stores: [])
      --> first-repartition-sink
      <-- KSTREAM-KEY-SELECT-0000000001
    Sink: first-repartition-sink (topic: first-repartition)
      <-- first-repartition-filter

  Sub-topology: 1
    Source: first-repartition-source (topics: [first-repartition])
      --> KSTREAM-KEY-SELECT-0000000005
    Processor: KSTREAM-KEY-SELECT-0000000005 (stores: [])
      --> KSTREAM-FILTER-0000000009
      <-- first-repartition-source
    Processor: KSTREAM-FILTER-0000000009 (stores: [])
      --> KSTREAM-SINK-0000000008
      <-- KSTREAM-KEY-SELECT-0000000005
    Sink: KSTREAM-SINK-0000000008 (topic: KSTREAM-AGGREGATE-STATE-STORE-0000000006-repartition)
      <-- KSTREAM-FILTER-0000000009

  Sub-topology: 2
    Source: KSTREAM-SOURCE-0000000010 (topics: [KSTREAM-AGGREGATE-STATE-STORE-0000000006-repartition])
      --> n
    Processor: n (stores: [KSTREAM-AGGREGATE-STATE-STORE-0000000006])
      --> KTABLE-TOSTREAM-0000000011
      <-- KSTREAM-SOURCE-0000000010
    Processor: KTABLE-TOSTREAM-0000000011 (stores: [])
      --> KSTREAM-SINK-0000000012
      <-- n
    Sink: KSTREAM-SINK-0000000012 (topic: out)
      <-- KTABLE-TOSTREAM-0000000011

`,
  },
  {
    cases: ['merge of a rekeyed stream'],
    build: (builder) => {
      const rekeyed = stream(builder).selectKey((_, value) => value)
      rekeyed.merge(stream(builder, 'in2')).groupByKey(strings).count().toStream().to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> KSTREAM-MERGE-0000000003
      <-- KSTREAM-SOURCE-0000000000
    Source: KSTREAM-SOURCE-0000000002 (topics: [in2])
      --> KSTREAM-MERGE-0000000003
    Processor: KSTREAM-MERGE-0000000003 (stores: [])
      --> KSTREAM-FILTER-0000000007
      <-- KSTREAM-KEY-SELECT-0000000001, KSTREAM-SOURCE-0000000002
    Processor: KSTREAM-FILTER-0000000007 (stores: [])
      --> KSTREAM-SINK-0000000006
      <-- KSTREAM-MERGE-0000000003
    Sink: KSTREAM-SINK-0000000006 (topic: KSTREAM-AGGREGATE-STATE-STORE-0000000004-repartition)
      <-- KSTREAM-FILTER-0000000007

  Sub-topology: 1
    Source: KSTREAM-SOURCE-0000000008 (topics: [KSTREAM-AGGREGATE-STATE-STORE-0000000004-repartition])
      --> KSTREAM-AGGREGATE-0000000005
    Processor: KSTREAM-AGGREGATE-0000000005 (stores: [KSTREAM-AGGREGATE-STATE-STORE-0000000004])
      --> KTABLE-TOSTREAM-0000000009
      <-- KSTREAM-SOURCE-0000000008
    Processor: KTABLE-TOSTREAM-0000000009 (stores: [])
      --> KSTREAM-SINK-0000000010
      <-- KSTREAM-AGGREGATE-0000000005
    Sink: KSTREAM-SINK-0000000010 (topic: out)
      <-- KTABLE-TOSTREAM-0000000009

`,
  },
]
