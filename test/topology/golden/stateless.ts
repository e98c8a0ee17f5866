import { type GoldenTopology, numbers, stream, strings } from './golden-topology.js'

/** Kafka Streams' describe() of topologies without state. */
export const STATELESS: readonly GoldenTopology[] = [
  {
    cases: [
      'deser_log_and_fail',
      'ts_fail_on_invalid',
      'ts_log_and_skip_negative_record_ts',
      'ts_use_partition_time',
    ],
    build: (builder) => {
      stream(builder).to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-SINK-0000000001
    Sink: KSTREAM-SINK-0000000001 (topic: out)
      <-- KSTREAM-SOURCE-0000000000

`,
  },
  {
    cases: ['headers_stateless'],
    build: (builder) => {
      stream(builder)
        .filter((_, value) => value !== 'drop')
        .mapValues((value) => `${value}!`)
        .selectKey((key) => key + key)
        .flatMapValues((value) => [value, value])
        .to('out', strings)
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-FILTER-0000000001
    Processor: KSTREAM-FILTER-0000000001 (stores: [])
      --> KSTREAM-MAPVALUES-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-MAPVALUES-0000000002 (stores: [])
      --> KSTREAM-KEY-SELECT-0000000003
      <-- KSTREAM-FILTER-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000003 (stores: [])
      --> KSTREAM-FLATMAPVALUES-0000000004
      <-- KSTREAM-MAPVALUES-0000000002
    Processor: KSTREAM-FLATMAPVALUES-0000000004 (stores: [])
      --> KSTREAM-SINK-0000000005
      <-- KSTREAM-KEY-SELECT-0000000003
    Sink: KSTREAM-SINK-0000000005 (topic: out)
      <-- KSTREAM-FLATMAPVALUES-0000000004

`,
  },
  {
    cases: ['processing_fail'],
    build: (builder) => {
      stream(builder)
        .mapValues((value) => value)
        .to('out', strings)
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-MAPVALUES-0000000001
    Processor: KSTREAM-MAPVALUES-0000000001 (stores: [])
      --> KSTREAM-SINK-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Sink: KSTREAM-SINK-0000000002 (topic: out)
      <-- KSTREAM-MAPVALUES-0000000001

`,
  },
  {
    cases: ['processing_log_and_continue_partial'],
    build: (builder) => {
      const input = stream(builder)
      input.to('out1')
      input
        .flatMapValues((value) => value.split(','))
        .mapValues((value) => `${value}!`)
        .to('out2', strings)
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-FLATMAPVALUES-0000000002, KSTREAM-SINK-0000000001
    Processor: KSTREAM-FLATMAPVALUES-0000000002 (stores: [])
      --> KSTREAM-MAPVALUES-0000000003
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-MAPVALUES-0000000003 (stores: [])
      --> KSTREAM-SINK-0000000004
      <-- KSTREAM-FLATMAPVALUES-0000000002
    Sink: KSTREAM-SINK-0000000001 (topic: out1)
      <-- KSTREAM-SOURCE-0000000000
    Sink: KSTREAM-SINK-0000000004 (topic: out2)
      <-- KSTREAM-MAPVALUES-0000000003

`,
  },
  {
    cases: ['stateless_dynamic_topic'],
    build: (builder) => {
      stream(builder).to((key) => `out-${key}`)
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-SINK-0000000001
    Sink: KSTREAM-SINK-0000000001 (extractor class: lambda)
      <-- KSTREAM-SOURCE-0000000000

`,
  },
  {
    cases: ['stateless_filter_filternot'],
    build: (builder) => {
      const input = builder.stream('in', numbers)
      input.filter((_, value) => value > 10).to('out-big')
      input.filterNot((_, value) => value > 10).to('out-rest')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-FILTER-0000000001, KSTREAM-FILTER-0000000003
    Processor: KSTREAM-FILTER-0000000001 (stores: [])
      --> KSTREAM-SINK-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-FILTER-0000000003 (stores: [])
      --> KSTREAM-SINK-0000000004
      <-- KSTREAM-SOURCE-0000000000
    Sink: KSTREAM-SINK-0000000002 (topic: out-big)
      <-- KSTREAM-FILTER-0000000001
    Sink: KSTREAM-SINK-0000000004 (topic: out-rest)
      <-- KSTREAM-FILTER-0000000003

`,
  },
  {
    cases: ['stateless_flatmap'],
    build: (builder) => {
      stream(builder)
        .flatMap((_, value) => value.split(',').map((part) => [part, part.length] as const))
        .to('out', numbers)
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-FLATMAP-0000000001
    Processor: KSTREAM-FLATMAP-0000000001 (stores: [])
      --> KSTREAM-SINK-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Sink: KSTREAM-SINK-0000000002 (topic: out)
      <-- KSTREAM-FLATMAP-0000000001

`,
  },
  {
    cases: ['stateless_flatmapvalues'],
    build: (builder) => {
      stream(builder)
        .flatMapValues((value) => value.split(','))
        .to('out', strings)
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-FLATMAPVALUES-0000000001
    Processor: KSTREAM-FLATMAPVALUES-0000000001 (stores: [])
      --> KSTREAM-SINK-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Sink: KSTREAM-SINK-0000000002 (topic: out)
      <-- KSTREAM-FLATMAPVALUES-0000000001

`,
  },
  {
    cases: ['stateless_map'],
    build: (builder) => {
      stream(builder)
        .map((key, value) => [value, key])
        .to('out', strings)
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-MAP-0000000001
    Processor: KSTREAM-MAP-0000000001 (stores: [])
      --> KSTREAM-SINK-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Sink: KSTREAM-SINK-0000000002 (topic: out)
      <-- KSTREAM-MAP-0000000001

`,
  },
  {
    cases: ['stateless_mapvalues'],
    build: (builder) => {
      const input = builder.stream('in', numbers)
      input.mapValues((value) => value * 2).to('out1', numbers)
      input.mapValues((value, key) => `${key}:${value}`).to('out2', strings)
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-MAPVALUES-0000000001, KSTREAM-MAPVALUES-0000000003
    Processor: KSTREAM-MAPVALUES-0000000001 (stores: [])
      --> KSTREAM-SINK-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-MAPVALUES-0000000003 (stores: [])
      --> KSTREAM-SINK-0000000004
      <-- KSTREAM-SOURCE-0000000000
    Sink: KSTREAM-SINK-0000000002 (topic: out1)
      <-- KSTREAM-MAPVALUES-0000000001
    Sink: KSTREAM-SINK-0000000004 (topic: out2)
      <-- KSTREAM-MAPVALUES-0000000003

`,
  },
  {
    cases: ['stateless_selectkey'],
    build: (builder) => {
      stream(builder)
        .selectKey((_, value) => value)
        .to('out', strings)
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> KSTREAM-SINK-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Sink: KSTREAM-SINK-0000000002 (topic: out)
      <-- KSTREAM-KEY-SELECT-0000000001

`,
  },
]
