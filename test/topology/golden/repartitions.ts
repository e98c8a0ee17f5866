import { string } from '../../../src/serdes/string.js'
import { TumblingWindows } from '../../../src/windows/tumbling-windows.js'
import { type GoldenTopology, stream, strings } from './golden-topology.js'

/** Kafka Streams' describe() of topologies with several sub-topologies. */
export const REPARTITIONS: readonly GoldenTopology[] = [
  {
    cases: ['agg_count_groupby', 'headers_repartition_count'],
    build: (builder) => {
      stream(builder)
        .groupBy((_, value) => value.slice(0, 1), { key: string(), name: 'g' })
        .count({ store: 'cnt' })
        .toStream()
        .to('out')
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
    Source: g-repartition-source (topics: [g-repartition])
      --> KSTREAM-AGGREGATE-0000000002
    Processor: KSTREAM-AGGREGATE-0000000002 (stores: [cnt])
      --> KTABLE-TOSTREAM-0000000006
      <-- g-repartition-source
    Processor: KTABLE-TOSTREAM-0000000006 (stores: [])
      --> KSTREAM-SINK-0000000007
      <-- KSTREAM-AGGREGATE-0000000002
    Sink: KSTREAM-SINK-0000000007 (topic: out)
      <-- KTABLE-TOSTREAM-0000000006

`,
  },
  {
    cases: ['agg_count_tostream_selectkey_count'],
    build: (builder) => {
      stream(builder)
        .groupByKey()
        .count({ store: 'c1' })
        .toStream()
        .selectKey((_, count) => `n${count}`)
        .groupByKey({ key: string(), name: 'g2' })
        .count({ store: 'c2' })
        .toStream()
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-AGGREGATE-0000000001
    Processor: KSTREAM-AGGREGATE-0000000001 (stores: [c1])
      --> KTABLE-TOSTREAM-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Processor: KTABLE-TOSTREAM-0000000002 (stores: [])
      --> KSTREAM-KEY-SELECT-0000000003
      <-- KSTREAM-AGGREGATE-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000003 (stores: [])
      --> g2-repartition-filter
      <-- KTABLE-TOSTREAM-0000000002
    Processor: g2-repartition-filter (stores: [])
      --> g2-repartition-sink
      <-- KSTREAM-KEY-SELECT-0000000003
    Sink: g2-repartition-sink (topic: g2-repartition)
      <-- g2-repartition-filter

  Sub-topology: 1
    Source: g2-repartition-source (topics: [g2-repartition])
      --> KSTREAM-AGGREGATE-0000000004
    Processor: KSTREAM-AGGREGATE-0000000004 (stores: [c2])
      --> KTABLE-TOSTREAM-0000000008
      <-- g2-repartition-source
    Processor: KTABLE-TOSTREAM-0000000008 (stores: [])
      --> KSTREAM-SINK-0000000009
      <-- KSTREAM-AGGREGATE-0000000004
    Sink: KSTREAM-SINK-0000000009 (topic: out)
      <-- KTABLE-TOSTREAM-0000000008

`,
  },
  {
    cases: ['repartition_explicit'],
    build: (builder) => {
      stream(builder)
        .selectKey((_, value) => value)
        .repartition({ name: 'rp', key: string() })
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> rp-repartition-filter
      <-- KSTREAM-SOURCE-0000000000
    Processor: rp-repartition-filter (stores: [])
      --> rp-repartition-sink
      <-- KSTREAM-KEY-SELECT-0000000001
    Sink: rp-repartition-sink (topic: rp-repartition)
      <-- rp-repartition-filter

  Sub-topology: 1
    Source: rp-repartition-source (topics: [rp-repartition])
      --> KSTREAM-SINK-0000000005
    Sink: KSTREAM-SINK-0000000005 (topic: out)
      <-- rp-repartition-source

`,
  },
  {
    cases: ['repartition_null_key_then_count'],
    build: (builder) => {
      stream(builder)
        .selectKey((_, value) => value)
        .groupByKey({ key: string(), name: 'g' })
        .count({ store: 'cnt' })
        .toStream()
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> g-repartition-filter
      <-- KSTREAM-SOURCE-0000000000
    Processor: g-repartition-filter (stores: [])
      --> g-repartition-sink
      <-- KSTREAM-KEY-SELECT-0000000001
    Sink: g-repartition-sink (topic: g-repartition)
      <-- g-repartition-filter

  Sub-topology: 1
    Source: g-repartition-source (topics: [g-repartition])
      --> KSTREAM-AGGREGATE-0000000002
    Processor: KSTREAM-AGGREGATE-0000000002 (stores: [cnt])
      --> KTABLE-TOSTREAM-0000000006
      <-- g-repartition-source
    Processor: KTABLE-TOSTREAM-0000000006 (stores: [])
      --> KSTREAM-SINK-0000000007
      <-- KSTREAM-AGGREGATE-0000000002
    Sink: KSTREAM-SINK-0000000007 (topic: out)
      <-- KTABLE-TOSTREAM-0000000006

`,
  },
  {
    cases: ['repartition_to_and_back'],
    build: (builder) => {
      stream(builder)
        .mapValues((value) => `${value}!`)
        .to('mid', strings)
      stream(builder, 'mid')
        .mapValues((value) => `${value}?`)
        .to('out', strings)
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-MAPVALUES-0000000001
    Processor: KSTREAM-MAPVALUES-0000000001 (stores: [])
      --> KSTREAM-SINK-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Sink: KSTREAM-SINK-0000000002 (topic: mid)
      <-- KSTREAM-MAPVALUES-0000000001

  Sub-topology: 1
    Source: KSTREAM-SOURCE-0000000003 (topics: [mid])
      --> KSTREAM-MAPVALUES-0000000004
    Processor: KSTREAM-MAPVALUES-0000000004 (stores: [])
      --> KSTREAM-SINK-0000000005
      <-- KSTREAM-SOURCE-0000000003
    Sink: KSTREAM-SINK-0000000005 (topic: out)
      <-- KSTREAM-MAPVALUES-0000000004

`,
  },
  {
    cases: ['tumbling_groupby_repartition'],
    build: (builder) => {
      stream(builder)
        .groupBy((_, value) => value, { key: string(), name: 'g' })
        .windowedBy(TumblingWindows.of(10).grace(5))
        .count({ store: 'w' })
        .toStream()
        .to('out')
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
    Source: g-repartition-source (topics: [g-repartition])
      --> KSTREAM-AGGREGATE-0000000002
    Processor: KSTREAM-AGGREGATE-0000000002 (stores: [w])
      --> KTABLE-TOSTREAM-0000000006
      <-- g-repartition-source
    Processor: KTABLE-TOSTREAM-0000000006 (stores: [])
      --> KSTREAM-SINK-0000000007
      <-- KSTREAM-AGGREGATE-0000000002
    Sink: KSTREAM-SINK-0000000007 (topic: out)
      <-- KTABLE-TOSTREAM-0000000006

`,
  },
]
