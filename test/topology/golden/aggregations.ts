import { int64 } from '../../../src/serdes/int64.js'
import { string } from '../../../src/serdes/string.js'
import { type GoldenTopology, numbers, stream } from './golden-topology.js'

/** Kafka Streams' describe() of topologies that aggregate. */
export const AGGREGATIONS: readonly GoldenTopology[] = [
  {
    cases: ['agg_aggregate_concat', 'agg_aggregate_null_result'],
    build: (builder) => {
      builder
        .stream('in', numbers)
        .groupByKey()
        .aggregate(
          () => 'I',
          (_, value, text) => `${text}+${value}`,
          { store: 'agg', value: string() },
        )
        .toStream()
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-AGGREGATE-0000000001
    Processor: KSTREAM-AGGREGATE-0000000001 (stores: [agg])
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
    cases: ['agg_count_groupbykey', 'ts_extractor_negative_dropped'],
    build: (builder) => {
      stream(builder).groupByKey().count({ store: 'cnt' }).toStream().to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-AGGREGATE-0000000001
    Processor: KSTREAM-AGGREGATE-0000000001 (stores: [cnt])
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
    cases: ['deser_log_and_continue'],
    build: (builder) => {
      builder
        .stream('in', numbers)
        .groupByKey()
        .aggregate(
          () => 0,
          (_, value, sum) => sum + value,
          { store: 'sum', value: int64() },
        )
        .toStream()
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-AGGREGATE-0000000001
    Processor: KSTREAM-AGGREGATE-0000000001 (stores: [sum])
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
    cases: ['agg_reduce_concat', 'agg_reduce_null_result'],
    build: (builder) => {
      stream(builder)
        .groupByKey()
        .reduce((text, value) => (value === 'del' ? null : `${text},${value}`), { store: 'red' })
        .toStream()
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-REDUCE-0000000001
    Processor: KSTREAM-REDUCE-0000000001 (stores: [red])
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
    cases: ['agg_merge_two_topics_count'],
    build: (builder) => {
      stream(builder, 'in1')
        .merge(stream(builder, 'in2'))
        .groupByKey()
        .count({ store: 'cnt' })
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
    Processor: KSTREAM-AGGREGATE-0000000003 (stores: [cnt])
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
    cases: ['processing_log_and_continue'],
    build: (builder) => {
      stream(builder)
        .mapValues((value) => value.length)
        .groupByKey()
        .count({ store: 'cnt' })
        .toStream()
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-MAPVALUES-0000000001
    Processor: KSTREAM-MAPVALUES-0000000001 (stores: [])
      --> KSTREAM-AGGREGATE-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-AGGREGATE-0000000002 (stores: [cnt])
      --> KTABLE-TOSTREAM-0000000003
      <-- KSTREAM-MAPVALUES-0000000001
    Processor: KTABLE-TOSTREAM-0000000003 (stores: [])
      --> KSTREAM-SINK-0000000004
      <-- KSTREAM-AGGREGATE-0000000002
    Sink: KSTREAM-SINK-0000000004 (topic: out)
      <-- KTABLE-TOSTREAM-0000000003

`,
  },
]
