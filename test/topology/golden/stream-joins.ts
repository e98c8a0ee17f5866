import { string } from '../../../src/serdes/string.js'
import { JoinWindows } from '../../../src/windows/join-windows.js'
import { type GoldenTopology, stream } from './golden-topology.js'

const windows = JoinWindows.of(10)
const plus = (left: string | null, right: string | null) => `${left}${right}`

/** What Kafka Streams 4.3.1 prints of joins of streams. */
export const STREAM_JOINS: readonly GoldenTopology[] = [
  {
    cases: ['a named left join with named stores'],
    build: (builder) => {
      stream(builder, 'l')
        .leftJoin(stream(builder, 'r'), plus, windows, { name: 'j', store: 's' })
        .to('out', { value: string() })
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [l])
      --> j-this-windowed
    Source: KSTREAM-SOURCE-0000000001 (topics: [r])
      --> j-other-windowed
    Processor: j-other-windowed (stores: [s-outer-other-join-store])
      --> j-outer-other-join
      <-- KSTREAM-SOURCE-0000000001
    Processor: j-this-windowed (stores: [s-this-join-store])
      --> j-this-join
      <-- KSTREAM-SOURCE-0000000000
    Processor: j-outer-other-join (stores: [s-this-join-store, s-left-shared-join-store])
      --> j-merge
      <-- j-other-windowed
    Processor: j-this-join (stores: [s-left-shared-join-store, s-outer-other-join-store])
      --> j-merge
      <-- j-this-windowed
    Processor: j-merge (stores: [])
      --> KSTREAM-SINK-0000000007
      <-- j-this-join, j-outer-other-join
    Sink: KSTREAM-SINK-0000000007 (topic: out)
      <-- j-merge

`,
  },
  {
    cases: ['a named outer join'],
    build: (builder) => {
      stream(builder, 'l')
        .outerJoin(stream(builder, 'r'), plus, windows, { name: 'j' })
        .to('out', { value: string() })
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [l])
      --> j-this-windowed
    Source: KSTREAM-SOURCE-0000000001 (topics: [r])
      --> j-other-windowed
    Processor: j-other-windowed (stores: [KSTREAM-OUTEROTHER-0000000005-store])
      --> j-outer-other-join
      <-- KSTREAM-SOURCE-0000000001
    Processor: j-this-windowed (stores: [KSTREAM-OUTERTHIS-0000000004-store])
      --> j-outer-this-join
      <-- KSTREAM-SOURCE-0000000000
    Processor: j-outer-other-join (stores: [KSTREAM-OUTERTHIS-0000000004-store, KSTREAM-OUTERSHARED-0000000004-store])
      --> j-merge
      <-- j-other-windowed
    Processor: j-outer-this-join (stores: [KSTREAM-OUTEROTHER-0000000005-store, KSTREAM-OUTERSHARED-0000000004-store])
      --> j-merge
      <-- j-this-windowed
    Processor: j-merge (stores: [])
      --> KSTREAM-SINK-0000000007
      <-- j-outer-this-join, j-outer-other-join
    Sink: KSTREAM-SINK-0000000007 (topic: out)
      <-- j-merge

`,
  },
  {
    cases: ['an inner join with named stores'],
    build: (builder) => {
      stream(builder, 'l')
        .join(stream(builder, 'r'), plus, windows, { store: 's' })
        .to('out', { value: string() })
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [l])
      --> KSTREAM-WINDOWED-0000000002
    Source: KSTREAM-SOURCE-0000000001 (topics: [r])
      --> KSTREAM-WINDOWED-0000000003
    Processor: KSTREAM-WINDOWED-0000000002 (stores: [s-this-join-store])
      --> KSTREAM-JOINTHIS-0000000004
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-WINDOWED-0000000003 (stores: [s-other-join-store])
      --> KSTREAM-JOINOTHER-0000000005
      <-- KSTREAM-SOURCE-0000000001
    Processor: KSTREAM-JOINOTHER-0000000005 (stores: [s-this-join-store])
      --> KSTREAM-MERGE-0000000006
      <-- KSTREAM-WINDOWED-0000000003
    Processor: KSTREAM-JOINTHIS-0000000004 (stores: [s-other-join-store])
      --> KSTREAM-MERGE-0000000006
      <-- KSTREAM-WINDOWED-0000000002
    Processor: KSTREAM-MERGE-0000000006 (stores: [])
      --> KSTREAM-SINK-0000000007
      <-- KSTREAM-JOINTHIS-0000000004, KSTREAM-JOINOTHER-0000000005
    Sink: KSTREAM-SINK-0000000007 (topic: out)
      <-- KSTREAM-MERGE-0000000006

`,
  },
  {
    cases: ['a rekeyed stream that is joined twice'],
    build: (builder) => {
      const moved = stream(builder, 'l').selectKey((_, value) => value)
      moved.join(stream(builder, 'r'), plus, windows, { key: string() }).to('out1', { value: string() })
      stream(builder, 'x').to('y')
      moved.leftJoin(stream(builder, 'q'), plus, windows, { key: string() }).to('out2', { value: string() })
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [l])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> KSTREAM-FILTER-0000000004
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-FILTER-0000000004 (stores: [])
      --> KSTREAM-SINK-0000000003
      <-- KSTREAM-KEY-SELECT-0000000001
    Sink: KSTREAM-SINK-0000000003 (topic: KSTREAM-KEY-SELECT-0000000001-repartition)
      <-- KSTREAM-FILTER-0000000004

  Sub-topology: 1
    Source: KSTREAM-SOURCE-0000000005 (topics: [KSTREAM-KEY-SELECT-0000000001-repartition])
      --> KSTREAM-WINDOWED-0000000006, KSTREAM-WINDOWED-0000000018
    Source: KSTREAM-SOURCE-0000000002 (topics: [r])
      --> KSTREAM-WINDOWED-0000000007
    Source: KSTREAM-SOURCE-0000000014 (topics: [q])
      --> KSTREAM-WINDOWED-0000000019
    Processor: KSTREAM-WINDOWED-0000000006 (stores: [KSTREAM-JOINTHIS-0000000008-store])
      --> KSTREAM-JOINTHIS-0000000008
      <-- KSTREAM-SOURCE-0000000005
    Processor: KSTREAM-WINDOWED-0000000007 (stores: [KSTREAM-JOINOTHER-0000000009-store])
      --> KSTREAM-JOINOTHER-0000000009
      <-- KSTREAM-SOURCE-0000000002
    Processor: KSTREAM-WINDOWED-0000000018 (stores: [KSTREAM-JOINTHIS-0000000020-store])
      --> KSTREAM-JOINTHIS-0000000020
      <-- KSTREAM-SOURCE-0000000005
    Processor: KSTREAM-WINDOWED-0000000019 (stores: [KSTREAM-OUTEROTHER-0000000021-store])
      --> KSTREAM-OUTEROTHER-0000000021
      <-- KSTREAM-SOURCE-0000000014
    Processor: KSTREAM-JOINOTHER-0000000009 (stores: [KSTREAM-JOINTHIS-0000000008-store])
      --> KSTREAM-MERGE-0000000010
      <-- KSTREAM-WINDOWED-0000000007
    Processor: KSTREAM-JOINTHIS-0000000008 (stores: [KSTREAM-JOINOTHER-0000000009-store])
      --> KSTREAM-MERGE-0000000010
      <-- KSTREAM-WINDOWED-0000000006
    Processor: KSTREAM-JOINTHIS-0000000020 (stores: [KSTREAM-OUTERSHARED-0000000020-store, KSTREAM-OUTEROTHER-0000000021-store])
      --> KSTREAM-MERGE-0000000022
      <-- KSTREAM-WINDOWED-0000000018
    Processor: KSTREAM-OUTEROTHER-0000000021 (stores: [KSTREAM-OUTERSHARED-0000000020-store, KSTREAM-JOINTHIS-0000000020-store])
      --> KSTREAM-MERGE-0000000022
      <-- KSTREAM-WINDOWED-0000000019
    Processor: KSTREAM-MERGE-0000000010 (stores: [])
      --> KSTREAM-SINK-0000000011
      <-- KSTREAM-JOINTHIS-0000000008, KSTREAM-JOINOTHER-0000000009
    Processor: KSTREAM-MERGE-0000000022 (stores: [])
      --> KSTREAM-SINK-0000000023
      <-- KSTREAM-JOINTHIS-0000000020, KSTREAM-OUTEROTHER-0000000021
    Sink: KSTREAM-SINK-0000000011 (topic: out1)
      <-- KSTREAM-MERGE-0000000010
    Sink: KSTREAM-SINK-0000000023 (topic: out2)
      <-- KSTREAM-MERGE-0000000022

  Sub-topology: 2
    Source: KSTREAM-SOURCE-0000000012 (topics: [x])
      --> KSTREAM-SINK-0000000013
    Sink: KSTREAM-SINK-0000000013 (topic: y)
      <-- KSTREAM-SOURCE-0000000012

`,
  },
  {
    cases: ['two rekeyed streams in a named join'],
    build: (builder) => {
      const left = stream(builder, 'l').selectKey((_, value) => value)
      const right = stream(builder, 'r').map((key, value) => [value, key], { name: 'swap' })
      left
        .join(right, plus, windows, { name: 'j', key: string(), otherValue: string() })
        .groupByKey({ value: string() })
        .count()
        .toStream()
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [l])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> j-left-repartition-filter
      <-- KSTREAM-SOURCE-0000000000
    Processor: j-left-repartition-filter (stores: [])
      --> j-left-repartition-sink
      <-- KSTREAM-KEY-SELECT-0000000001
    Sink: j-left-repartition-sink (topic: j-left-repartition)
      <-- j-left-repartition-filter

  Sub-topology: 1
    Source: KSTREAM-SOURCE-0000000002 (topics: [r])
      --> swap
    Processor: swap (stores: [])
      --> j-right-repartition-filter
      <-- KSTREAM-SOURCE-0000000002
    Processor: j-right-repartition-filter (stores: [])
      --> j-right-repartition-sink
      <-- swap
    Sink: j-right-repartition-sink (topic: j-right-repartition)
      <-- j-right-repartition-filter

  Sub-topology: 2
    Source: j-left-repartition-source (topics: [j-left-repartition])
      --> j-this-windowed
    Source: j-right-repartition-source (topics: [j-right-repartition])
      --> j-other-windowed
    Processor: j-other-windowed (stores: [KSTREAM-JOINOTHER-0000000013-store])
      --> j-other-join
      <-- j-right-repartition-source
    Processor: j-this-windowed (stores: [KSTREAM-JOINTHIS-0000000012-store])
      --> j-this-join
      <-- j-left-repartition-source
    Processor: j-other-join (stores: [KSTREAM-JOINTHIS-0000000012-store])
      --> j-merge
      <-- j-other-windowed
    Processor: j-this-join (stores: [KSTREAM-JOINOTHER-0000000013-store])
      --> j-merge
      <-- j-this-windowed
    Processor: j-merge (stores: [])
      --> KSTREAM-AGGREGATE-0000000016
      <-- j-this-join, j-other-join
    Processor: KSTREAM-AGGREGATE-0000000016 (stores: [KSTREAM-AGGREGATE-STATE-STORE-0000000015])
      --> KTABLE-TOSTREAM-0000000017
      <-- j-merge
    Processor: KTABLE-TOSTREAM-0000000017 (stores: [])
      --> KSTREAM-SINK-0000000018
      <-- KSTREAM-AGGREGATE-0000000016
    Sink: KSTREAM-SINK-0000000018 (topic: out)
      <-- KTABLE-TOSTREAM-0000000017

`,
  },
  {
    cases: ['a rekeyed stream that is joined with itself'],
    build: (builder) => {
      const moved = stream(builder, 'l').selectKey((_, value) => value)
      moved.join(moved, plus, windows, { key: string() }).to('out', { value: string() })
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [l])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> KSTREAM-FILTER-0000000003
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-FILTER-0000000003 (stores: [])
      --> KSTREAM-SINK-0000000002
      <-- KSTREAM-KEY-SELECT-0000000001
    Sink: KSTREAM-SINK-0000000002 (topic: KSTREAM-KEY-SELECT-0000000001-repartition)
      <-- KSTREAM-FILTER-0000000003

  Sub-topology: 1
    Source: KSTREAM-SOURCE-0000000004 (topics: [KSTREAM-KEY-SELECT-0000000001-repartition])
      --> KSTREAM-WINDOWED-0000000008, KSTREAM-WINDOWED-0000000009
    Processor: KSTREAM-WINDOWED-0000000008 (stores: [KSTREAM-JOINTHIS-0000000010-store])
      --> KSTREAM-JOINTHIS-0000000010
      <-- KSTREAM-SOURCE-0000000004
    Processor: KSTREAM-WINDOWED-0000000009 (stores: [KSTREAM-JOINOTHER-0000000011-store])
      --> KSTREAM-JOINOTHER-0000000011
      <-- KSTREAM-SOURCE-0000000004
    Processor: KSTREAM-JOINOTHER-0000000011 (stores: [KSTREAM-JOINTHIS-0000000010-store])
      --> KSTREAM-MERGE-0000000012
      <-- KSTREAM-WINDOWED-0000000009
    Processor: KSTREAM-JOINTHIS-0000000010 (stores: [KSTREAM-JOINOTHER-0000000011-store])
      --> KSTREAM-MERGE-0000000012
      <-- KSTREAM-WINDOWED-0000000008
    Processor: KSTREAM-MERGE-0000000012 (stores: [])
      --> KSTREAM-SINK-0000000013
      <-- KSTREAM-JOINTHIS-0000000010, KSTREAM-JOINOTHER-0000000011
    Sink: KSTREAM-SINK-0000000013 (topic: out)
      <-- KSTREAM-MERGE-0000000012

`,
  },
]
