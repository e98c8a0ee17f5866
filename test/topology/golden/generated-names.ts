import { string } from '../../../src/serdes/string.js'
import { TumblingWindows } from '../../../src/windows/tumbling-windows.js'
import { type GoldenTopology, stream, strings } from './golden-topology.js'

/** What Kafka Streams 4.3.1 prints where operators, stores or topics have generated names. */
export const GENERATED_NAMES: readonly GoldenTopology[] = [
  {
    cases: ['unnamed count after groupBy'],
    build: (builder) => {
      stream(builder)
        .groupBy((_, value) => value, { key: string() })
        .count()
        .toStream()
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> KSTREAM-FILTER-0000000005
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-FILTER-0000000005 (stores: [])
      --> KSTREAM-SINK-0000000004
      <-- KSTREAM-KEY-SELECT-0000000001
    Sink: KSTREAM-SINK-0000000004 (topic: KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition)
      <-- KSTREAM-FILTER-0000000005

  Sub-topology: 1
    Source: KSTREAM-SOURCE-0000000006 (topics: [KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition])
      --> KSTREAM-AGGREGATE-0000000003
    Processor: KSTREAM-AGGREGATE-0000000003 (stores: [KSTREAM-AGGREGATE-STATE-STORE-0000000002])
      --> KTABLE-TOSTREAM-0000000007
      <-- KSTREAM-SOURCE-0000000006
    Processor: KTABLE-TOSTREAM-0000000007 (stores: [])
      --> KSTREAM-SINK-0000000008
      <-- KSTREAM-AGGREGATE-0000000003
    Sink: KSTREAM-SINK-0000000008 (topic: out)
      <-- KTABLE-TOSTREAM-0000000007

`,
  },
  {
    cases: ['unnamed count with store options'],
    build: (builder) => {
      stream(builder).groupByKey().count({ caching: false }).toStream().to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-AGGREGATE-0000000003
    Processor: KSTREAM-AGGREGATE-0000000003 (stores: [KSTREAM-AGGREGATE-STATE-STORE-0000000002])
      --> KTABLE-TOSTREAM-0000000004
      <-- KSTREAM-SOURCE-0000000000
    Processor: KTABLE-TOSTREAM-0000000004 (stores: [])
      --> KSTREAM-SINK-0000000005
      <-- KSTREAM-AGGREGATE-0000000003
    Sink: KSTREAM-SINK-0000000005 (topic: out)
      <-- KTABLE-TOSTREAM-0000000004

`,
  },
  {
    cases: ['unnamed repartition'],
    build: (builder) => {
      stream(builder).repartition().to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-FILTER-0000000003
    Processor: KSTREAM-FILTER-0000000003 (stores: [])
      --> KSTREAM-SINK-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Sink: KSTREAM-SINK-0000000002 (topic: KSTREAM-REPARTITION-0000000001-repartition)
      <-- KSTREAM-FILTER-0000000003

  Sub-topology: 1
    Source: KSTREAM-SOURCE-0000000004 (topics: [KSTREAM-REPARTITION-0000000001-repartition])
      --> KSTREAM-SINK-0000000005
    Sink: KSTREAM-SINK-0000000005 (topic: out)
      <-- KSTREAM-SOURCE-0000000004

`,
  },
  {
    cases: ['unnamed branches'],
    build: (builder) => {
      const branches = stream(builder)
        .split()
        .branch(() => true, { name: '-late' })
        .defaultBranch()
      branches['-late'].foreach(() => {})
      branches.default.foreach(() => {})
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-BRANCH-0000000001
    Processor: KSTREAM-BRANCH-0000000001 (stores: [])
      --> KSTREAM-BRANCH-0000000001-late, KSTREAM-BRANCH-00000000010
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-BRANCH-0000000001-late (stores: [])
      --> KSTREAM-FOREACH-0000000004
      <-- KSTREAM-BRANCH-0000000001
    Processor: KSTREAM-BRANCH-00000000010 (stores: [])
      --> KSTREAM-FOREACH-0000000005
      <-- KSTREAM-BRANCH-0000000001
    Processor: KSTREAM-FOREACH-0000000004 (stores: [])
      --> none
      <-- KSTREAM-BRANCH-0000000001-late
    Processor: KSTREAM-FOREACH-0000000005 (stores: [])
      --> none
      <-- KSTREAM-BRANCH-00000000010

`,
  },
  {
    cases: ['windowed reduce after map'],
    build: (builder) => {
      stream(builder)
        .map((key, value) => [value, key])
        .groupByKey(strings)
        .windowedBy(TumblingWindows.of(10))
        .reduce((_, value) => value)
        .toStream(({ key }) => key)
        .peek(() => {})
        .to('out', strings)
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-MAP-0000000001
    Processor: KSTREAM-MAP-0000000001 (stores: [])
      --> KSTREAM-FILTER-0000000005
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-FILTER-0000000005 (stores: [])
      --> KSTREAM-SINK-0000000004
      <-- KSTREAM-MAP-0000000001
    Sink: KSTREAM-SINK-0000000004 (topic: KSTREAM-REDUCE-STATE-STORE-0000000002-repartition)
      <-- KSTREAM-FILTER-0000000005

  Sub-topology: 1
    Source: KSTREAM-SOURCE-0000000006 (topics: [KSTREAM-REDUCE-STATE-STORE-0000000002-repartition])
      --> KSTREAM-REDUCE-0000000003
    Processor: KSTREAM-REDUCE-0000000003 (stores: [KSTREAM-REDUCE-STATE-STORE-0000000002])
      --> KTABLE-TOSTREAM-0000000007
      <-- KSTREAM-SOURCE-0000000006
    Processor: KTABLE-TOSTREAM-0000000007 (stores: [])
      --> KSTREAM-KEY-SELECT-0000000008
      <-- KSTREAM-REDUCE-0000000003
    Processor: KSTREAM-KEY-SELECT-0000000008 (stores: [])
      --> KSTREAM-PEEK-0000000009
      <-- KTABLE-TOSTREAM-0000000007
    Processor: KSTREAM-PEEK-0000000009 (stores: [])
      --> KSTREAM-SINK-0000000010
      <-- KSTREAM-KEY-SELECT-0000000008
    Sink: KSTREAM-SINK-0000000010 (topic: out)
      <-- KSTREAM-PEEK-0000000009

`,
  },
  {
    cases: ['named everything'],
    build: (builder) => {
      builder
        .stream(['in1', 'in2', 'in3'], { ...strings, name: 'read' })
        .filter(() => true, { name: 'keep' })
        .mapValues((value) => value, { name: 'values' })
        .selectKey((_, value) => value, { name: 'key' })
        .groupByKey(strings)
        .aggregate(
          () => '',
          (_key, _value, text) => text,
          { name: 'agg', store: 'store', value: string() },
        )
        .toStream({ name: 'changes' })
        .to('out', { name: 'write' })
    },
    text: `Topologies:
   Sub-topology: 0
    Source: read (topics: [in2, in1, in3])
      --> keep
    Processor: keep (stores: [])
      --> values
      <-- read
    Processor: values (stores: [])
      --> key
      <-- keep
    Processor: key (stores: [])
      --> store-repartition-filter
      <-- values
    Processor: store-repartition-filter (stores: [])
      --> store-repartition-sink
      <-- key
    Sink: store-repartition-sink (topic: store-repartition)
      <-- store-repartition-filter

  Sub-topology: 1
    Source: store-repartition-source (topics: [store-repartition])
      --> agg
    Processor: agg (stores: [store])
      --> changes
      <-- store-repartition-source
    Processor: changes (stores: [])
      --> write
      <-- agg
    Sink: write (topic: out)
      <-- changes

`,
  },
]
