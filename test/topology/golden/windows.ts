import { TumblingWindows } from '../../../src/windows/tumbling-windows.js'
import { type GoldenTopology, stream, strings } from './golden-topology.js'

/** Kafka Streams' describe() of topologies that aggregate windows. */
export const WINDOWS: readonly GoldenTopology[] = [
  {
    cases: [
      'rand_tumbling_count',
      'tumbling_aggregate_null_result',
      'tumbling_count_grace',
      'tumbling_count_grace0',
      'tumbling_retention',
    ],
    build: (builder) => {
      stream(builder)
        .groupByKey()
        .windowedBy(TumblingWindows.of(10).grace(5))
        .count({ store: 'w', retention: 30 })
        .toStream()
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-AGGREGATE-0000000001
    Processor: KSTREAM-AGGREGATE-0000000001 (stores: [w])
      --> KTABLE-TOSTREAM-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Processor: KTABLE-TOSTREAM-0000000002 (stores: [])
      --> KSTREAM-SINK-0000000003
      <-- KSTREAM-AGGREGATE-0000000001
    Sink: KSTREAM-SINK-0000000003 (topic: out)
      <-- KTABLE-TOSTREAM-0000000002

`,
  },
  {
    cases: ['tumbling_reduce'],
    build: (builder) => {
      stream(builder)
        .groupByKey()
        .windowedBy(TumblingWindows.of(10).grace(100))
        .reduce((text, value) => `${text},${value}`, { store: 'w' })
        .toStream()
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-REDUCE-0000000001
    Processor: KSTREAM-REDUCE-0000000001 (stores: [w])
      --> KTABLE-TOSTREAM-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Processor: KTABLE-TOSTREAM-0000000002 (stores: [])
      --> KSTREAM-SINK-0000000003
      <-- KSTREAM-REDUCE-0000000001
    Sink: KSTREAM-SINK-0000000003 (topic: out)
      <-- KTABLE-TOSTREAM-0000000002

`,
  },
  {
    cases: ['tumbling_nulls'],
    build: (builder) => {
      const windows = stream(builder).groupByKey().windowedBy(TumblingWindows.of(10))
      windows.count({ store: 'w' }).toStream().to('out-count')
      windows
        .reduce((text, value) => `${text},${value}`, { store: 'r' })
        .toStream()
        .to('out-reduce')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-AGGREGATE-0000000001, KSTREAM-REDUCE-0000000004
    Processor: KSTREAM-AGGREGATE-0000000001 (stores: [w])
      --> KTABLE-TOSTREAM-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-REDUCE-0000000004 (stores: [r])
      --> KTABLE-TOSTREAM-0000000005
      <-- KSTREAM-SOURCE-0000000000
    Processor: KTABLE-TOSTREAM-0000000002 (stores: [])
      --> KSTREAM-SINK-0000000003
      <-- KSTREAM-AGGREGATE-0000000001
    Processor: KTABLE-TOSTREAM-0000000005 (stores: [])
      --> KSTREAM-SINK-0000000006
      <-- KSTREAM-REDUCE-0000000004
    Sink: KSTREAM-SINK-0000000003 (topic: out-count)
      <-- KTABLE-TOSTREAM-0000000002
    Sink: KSTREAM-SINK-0000000006 (topic: out-reduce)
      <-- KTABLE-TOSTREAM-0000000005

`,
  },
  {
    cases: ['streamtime_all_late'],
    build: (builder) => {
      stream(builder)
        .groupByKey()
        .windowedBy(TumblingWindows.of(10))
        .count({ store: 'w' })
        .toStream()
        .filter(({ key }) => key !== 'clock')
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-AGGREGATE-0000000001
    Processor: KSTREAM-AGGREGATE-0000000001 (stores: [w])
      --> KTABLE-TOSTREAM-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Processor: KTABLE-TOSTREAM-0000000002 (stores: [])
      --> KSTREAM-FILTER-0000000003
      <-- KSTREAM-AGGREGATE-0000000001
    Processor: KSTREAM-FILTER-0000000003 (stores: [])
      --> KSTREAM-SINK-0000000004
      <-- KTABLE-TOSTREAM-0000000002
    Sink: KSTREAM-SINK-0000000004 (topic: out)
      <-- KSTREAM-FILTER-0000000003

`,
  },
  {
    cases: ['streamtime_filtered_records_do_not_count'],
    build: (builder) => {
      stream(builder)
        .filter((_, value) => value !== 'skip')
        .groupByKey()
        .windowedBy(TumblingWindows.of(10))
        .count({ store: 'w' })
        .toStream()
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-FILTER-0000000001
    Processor: KSTREAM-FILTER-0000000001 (stores: [])
      --> KSTREAM-AGGREGATE-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-AGGREGATE-0000000002 (stores: [w])
      --> KTABLE-TOSTREAM-0000000003
      <-- KSTREAM-FILTER-0000000001
    Processor: KTABLE-TOSTREAM-0000000003 (stores: [])
      --> KSTREAM-SINK-0000000004
      <-- KSTREAM-AGGREGATE-0000000002
    Sink: KSTREAM-SINK-0000000004 (topic: out)
      <-- KTABLE-TOSTREAM-0000000003

`,
  },
  {
    cases: ['streamtime_merged_topics'],
    build: (builder) => {
      stream(builder, 'in1')
        .merge(stream(builder, 'in2'))
        .groupByKey()
        .windowedBy(TumblingWindows.of(10).grace(2))
        .count({ store: 'w' })
        .toStream()
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in1])
      --> KSTREAM-MERGE-0000000002
    Source: KSTREAM-SOURCE-0000000001 (topics: [in2])
      --> KSTREAM-MERGE-0000000002
    Processor: KSTREAM-MERGE-0000000002 (stores: [])
      --> KSTREAM-AGGREGATE-0000000003
      <-- KSTREAM-SOURCE-0000000000, KSTREAM-SOURCE-0000000001
    Processor: KSTREAM-AGGREGATE-0000000003 (stores: [w])
      --> KTABLE-TOSTREAM-0000000004
      <-- KSTREAM-MERGE-0000000002
    Processor: KTABLE-TOSTREAM-0000000004 (stores: [])
      --> KSTREAM-SINK-0000000005
      <-- KSTREAM-AGGREGATE-0000000003
    Sink: KSTREAM-SINK-0000000005 (topic: out)
      <-- KTABLE-TOSTREAM-0000000004

`,
  },
  {
    cases: ['streamtime_per_operator'],
    build: (builder) => {
      for (const number of [1, 2]) {
        stream(builder, `in${number}`)
          .groupByKey()
          .windowedBy(TumblingWindows.of(10))
          .count({ store: `w${number}` })
          .toStream()
          .to(`out${number}`)
      }
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in1])
      --> KSTREAM-AGGREGATE-0000000001
    Processor: KSTREAM-AGGREGATE-0000000001 (stores: [w1])
      --> KTABLE-TOSTREAM-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Processor: KTABLE-TOSTREAM-0000000002 (stores: [])
      --> KSTREAM-SINK-0000000003
      <-- KSTREAM-AGGREGATE-0000000001
    Sink: KSTREAM-SINK-0000000003 (topic: out1)
      <-- KTABLE-TOSTREAM-0000000002

  Sub-topology: 1
    Source: KSTREAM-SOURCE-0000000004 (topics: [in2])
      --> KSTREAM-AGGREGATE-0000000005
    Processor: KSTREAM-AGGREGATE-0000000005 (stores: [w2])
      --> KTABLE-TOSTREAM-0000000006
      <-- KSTREAM-SOURCE-0000000004
    Processor: KTABLE-TOSTREAM-0000000006 (stores: [])
      --> KSTREAM-SINK-0000000007
      <-- KSTREAM-AGGREGATE-0000000005
    Sink: KSTREAM-SINK-0000000007 (topic: out2)
      <-- KTABLE-TOSTREAM-0000000006

`,
  },
  {
    cases: ['ts_extractor_embedded'],
    build: (builder) => {
      const input = builder.stream('in', {
        ...strings,
        timestamp: ({ value }) => Number(value.split('@')[1]),
      })
      input.to('out')
      input.groupByKey().windowedBy(TumblingWindows.of(10)).count({ store: 'w' }).toStream().to('out-w')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-AGGREGATE-0000000002, KSTREAM-SINK-0000000001
    Processor: KSTREAM-AGGREGATE-0000000002 (stores: [w])
      --> KTABLE-TOSTREAM-0000000003
      <-- KSTREAM-SOURCE-0000000000
    Processor: KTABLE-TOSTREAM-0000000003 (stores: [])
      --> KSTREAM-SINK-0000000004
      <-- KSTREAM-AGGREGATE-0000000002
    Sink: KSTREAM-SINK-0000000001 (topic: out)
      <-- KSTREAM-SOURCE-0000000000
    Sink: KSTREAM-SINK-0000000004 (topic: out-w)
      <-- KTABLE-TOSTREAM-0000000003

`,
  },
]
