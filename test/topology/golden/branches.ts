import { type GoldenTopology, numbers, stream, strings } from './golden-topology.js'

/** Kafka Streams' describe() of topologies whose streams part and meet. */
export const BRANCHES: readonly GoldenTopology[] = [
  {
    cases: ['stateless_depth_first_order'],
    build: (builder) => {
      const input = stream(builder)
      input.mapValues((value) => `${value}1`).to('out', strings)
      const flat = input.flatMapValues((value) => [`${value}2`, `${value}3`])
      flat.mapValues((value) => `${value}x`).to('out', strings)
      flat.mapValues((value) => `${value}y`).to('out', strings)
      input.merge(input.mapValues((value) => `${value}m`)).to('out', strings)
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-FLATMAPVALUES-0000000003, KSTREAM-MAPVALUES-0000000001, KSTREAM-MAPVALUES-0000000008, KSTREAM-MERGE-0000000009
    Processor: KSTREAM-FLATMAPVALUES-0000000003 (stores: [])
      --> KSTREAM-MAPVALUES-0000000006, KSTREAM-MAPVALUES-0000000004
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-MAPVALUES-0000000008 (stores: [])
      --> KSTREAM-MERGE-0000000009
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-MAPVALUES-0000000001 (stores: [])
      --> KSTREAM-SINK-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-MAPVALUES-0000000004 (stores: [])
      --> KSTREAM-SINK-0000000005
      <-- KSTREAM-FLATMAPVALUES-0000000003
    Processor: KSTREAM-MAPVALUES-0000000006 (stores: [])
      --> KSTREAM-SINK-0000000007
      <-- KSTREAM-FLATMAPVALUES-0000000003
    Processor: KSTREAM-MERGE-0000000009 (stores: [])
      --> KSTREAM-SINK-0000000010
      <-- KSTREAM-SOURCE-0000000000, KSTREAM-MAPVALUES-0000000008
    Sink: KSTREAM-SINK-0000000002 (topic: out)
      <-- KSTREAM-MAPVALUES-0000000001
    Sink: KSTREAM-SINK-0000000005 (topic: out)
      <-- KSTREAM-MAPVALUES-0000000004
    Sink: KSTREAM-SINK-0000000007 (topic: out)
      <-- KSTREAM-MAPVALUES-0000000006
    Sink: KSTREAM-SINK-0000000010 (topic: out)
      <-- KSTREAM-MERGE-0000000009

`,
  },
  {
    cases: ['stateless_merge'],
    build: (builder) => {
      stream(builder, 'in1').merge(stream(builder, 'in2')).to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in1])
      --> KSTREAM-MERGE-0000000002
    Source: KSTREAM-SOURCE-0000000001 (topics: [in2])
      --> KSTREAM-MERGE-0000000002
    Processor: KSTREAM-MERGE-0000000002 (stores: [])
      --> KSTREAM-SINK-0000000003
      <-- KSTREAM-SOURCE-0000000000, KSTREAM-SOURCE-0000000001
    Sink: KSTREAM-SINK-0000000003 (topic: out)
      <-- KSTREAM-MERGE-0000000002

`,
  },
  {
    cases: ['stateless_split_branch'],
    build: (builder) => {
      const { big, mid, rest } = builder
        .stream('in', numbers)
        .split({ name: 'br-' })
        .branch((_, value) => value > 100, { name: 'big' })
        .branch((_, value) => value > 10, { name: 'mid' })
        .defaultBranch({ name: 'rest' })
      big.to('out-big')
      mid.to('out-mid')
      rest.to('out-rest')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> br-
    Processor: br- (stores: [])
      --> br-big, br-mid, br-rest
      <-- KSTREAM-SOURCE-0000000000
    Processor: br-big (stores: [])
      --> KSTREAM-SINK-0000000005
      <-- br-
    Processor: br-mid (stores: [])
      --> KSTREAM-SINK-0000000006
      <-- br-
    Processor: br-rest (stores: [])
      --> KSTREAM-SINK-0000000007
      <-- br-
    Sink: KSTREAM-SINK-0000000005 (topic: out-big)
      <-- br-big
    Sink: KSTREAM-SINK-0000000006 (topic: out-mid)
      <-- br-mid
    Sink: KSTREAM-SINK-0000000007 (topic: out-rest)
      <-- br-rest

`,
  },
  {
    cases: ['stateless_split_no_default'],
    build: (builder) => {
      const { even, pos } = builder
        .stream('in', numbers)
        .split({ name: 'br-' })
        .branch((_, value) => value % 2 === 0, { name: 'even' })
        .branch((_, value) => value > 0, { name: 'pos' })
        .noDefaultBranch()
      even.to('out-even')
      pos.to('out-pos')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> br-
    Processor: br- (stores: [])
      --> br-even, br-pos
      <-- KSTREAM-SOURCE-0000000000
    Processor: br-even (stores: [])
      --> KSTREAM-SINK-0000000004
      <-- br-
    Processor: br-pos (stores: [])
      --> KSTREAM-SINK-0000000005
      <-- br-
    Sink: KSTREAM-SINK-0000000004 (topic: out-even)
      <-- br-even
    Sink: KSTREAM-SINK-0000000005 (topic: out-pos)
      <-- br-pos

`,
  },
]
