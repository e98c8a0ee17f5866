import type { KStream } from '../../../src/dsl/kstream.js'
import type { StreamsBuilder } from '../../../src/dsl/streams-builder.js'
import { string } from '../../../src/serdes/string.js'
import { JoinWindows } from '../../../src/windows/join-windows.js'
import { type GoldenTopology, stream, strings } from './golden-topology.js'

const windows = JoinWindows.of(10)
const plus = (left: string, right: string) => left + right

const byValue = (builder: StreamsBuilder, topic = 'in') =>
  stream(builder, topic).selectKey((_, value) => value)

const counted = (records: KStream<string, string, never>, name: string) =>
  records.groupByKey({ ...strings, name }).count({ store: 'counts' })

const reduced = (records: KStream<string, string, never>, name: string) =>
  records.groupByKey({ ...strings, name }).reduce(plus, { store: 'texts' })

/** What Kafka Streams 4.3.1 prints with `topology.optimization` set to `all`. */
export const OPTIMIZED: readonly GoldenTopology[] = [
  {
    cases: ['two aggregations after one map'],
    build: (builder) => {
      const mapped = stream(builder).map((key, value): [string, string] => [value, key])
      mapped.groupByKey(strings).count({ store: 'counts' })
      mapped.groupByKey(strings).reduce(plus, { store: 'texts' })
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-MAP-0000000001
    Processor: KSTREAM-MAP-0000000001 (stores: [])
      --> counts-repartition-filter
      <-- KSTREAM-SOURCE-0000000000
    Processor: counts-repartition-filter (stores: [])
      --> counts-repartition-sink
      <-- KSTREAM-MAP-0000000001
    Sink: counts-repartition-sink (topic: counts-repartition)
      <-- counts-repartition-filter

  Sub-topology: 1
    Source: counts-repartition-source (topics: [counts-repartition])
      --> KSTREAM-AGGREGATE-0000000002, KSTREAM-REDUCE-0000000006
    Processor: KSTREAM-AGGREGATE-0000000002 (stores: [counts])
      --> none
      <-- counts-repartition-source
    Processor: KSTREAM-REDUCE-0000000006 (stores: [texts])
      --> none
      <-- counts-repartition-source

`,
  },
  {
    cases: ['named groupings after one key selection'],
    build: (builder) => {
      const selected = byValue(builder)
      counted(selected, 'first')
      reduced(selected, 'second')
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
      --> KSTREAM-AGGREGATE-0000000002, KSTREAM-REDUCE-0000000006
    Processor: KSTREAM-AGGREGATE-0000000002 (stores: [counts])
      --> none
      <-- first-repartition-source
    Processor: KSTREAM-REDUCE-0000000006 (stores: [texts])
      --> none
      <-- first-repartition-source

`,
  },
  {
    cases: ['generated names'],
    build: (builder) => {
      const selected = byValue(builder)
      selected.groupByKey(strings).count()
      selected.groupByKey(strings).reduce(plus)
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-filter
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-filter (stores: [])
      --> KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-sink
      <-- KSTREAM-KEY-SELECT-0000000001
    Sink: KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-sink (topic: KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition)
      <-- KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-filter

  Sub-topology: 1
    Source: KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-source (topics: [KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition])
      --> KSTREAM-AGGREGATE-0000000003, KSTREAM-REDUCE-0000000008
    Processor: KSTREAM-AGGREGATE-0000000003 (stores: [KSTREAM-AGGREGATE-STATE-STORE-0000000002])
      --> none
      <-- KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-source
    Processor: KSTREAM-REDUCE-0000000008 (stores: [KSTREAM-REDUCE-STATE-STORE-0000000007])
      --> none
      <-- KSTREAM-AGGREGATE-STATE-STORE-0000000002-repartition-source

`,
  },
  {
    cases: ['one repartition alone'],
    build: (builder) => {
      stream(builder)
        .groupBy((_, value) => value, { ...strings, name: 'by-value' })
        .count({ store: 'counts' })
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> by-value
    Processor: by-value (stores: [])
      --> by-value-repartition-filter
      <-- KSTREAM-SOURCE-0000000000
    Processor: by-value-repartition-filter (stores: [])
      --> by-value-repartition-sink
      <-- by-value
    Sink: by-value-repartition-sink (topic: by-value-repartition)
      <-- by-value-repartition-filter

  Sub-topology: 1
    Source: by-value-repartition-source (topics: [by-value-repartition])
      --> KSTREAM-AGGREGATE-0000000002
    Processor: KSTREAM-AGGREGATE-0000000002 (stores: [counts])
      --> none
      <-- by-value-repartition-source

`,
  },
  {
    cases: ['operators that hand on records between'],
    build: (builder) => {
      const selected = byValue(builder)
      const filtered = selected.filter(() => true)
      filtered.to('filtered', strings)
      counted(
        filtered.peek(() => {}),
        'first',
      )
      reduced(selected, 'second')
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
      --> KSTREAM-FILTER-0000000002, KSTREAM-REDUCE-0000000009
    Processor: KSTREAM-FILTER-0000000002 (stores: [])
      --> KSTREAM-PEEK-0000000004, KSTREAM-SINK-0000000003
      <-- first-repartition-source
    Processor: KSTREAM-PEEK-0000000004 (stores: [])
      --> KSTREAM-AGGREGATE-0000000005
      <-- KSTREAM-FILTER-0000000002
    Processor: KSTREAM-AGGREGATE-0000000005 (stores: [counts])
      --> none
      <-- KSTREAM-PEEK-0000000004
    Processor: KSTREAM-REDUCE-0000000009 (stores: [texts])
      --> none
      <-- first-repartition-source
    Sink: KSTREAM-SINK-0000000003 (topic: filtered)
      <-- KSTREAM-FILTER-0000000002

`,
  },
  {
    cases: ['values that change between'],
    build: (builder) => {
      const selected = byValue(builder)
      counted(
        selected.mapValues((value) => value),
        'first',
      )
      reduced(selected, 'second')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> second-repartition-filter, KSTREAM-MAPVALUES-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-MAPVALUES-0000000002 (stores: [])
      --> first-repartition-filter
      <-- KSTREAM-KEY-SELECT-0000000001
    Processor: first-repartition-filter (stores: [])
      --> first-repartition-sink
      <-- KSTREAM-MAPVALUES-0000000002
    Processor: second-repartition-filter (stores: [])
      --> second-repartition-sink
      <-- KSTREAM-KEY-SELECT-0000000001
    Sink: first-repartition-sink (topic: first-repartition)
      <-- first-repartition-filter
    Sink: second-repartition-sink (topic: second-repartition)
      <-- second-repartition-filter

  Sub-topology: 1
    Source: second-repartition-source (topics: [second-repartition])
      --> KSTREAM-REDUCE-0000000007
    Processor: KSTREAM-REDUCE-0000000007 (stores: [texts])
      --> none
      <-- second-repartition-source

  Sub-topology: 2
    Source: first-repartition-source (topics: [first-repartition])
      --> KSTREAM-AGGREGATE-0000000003
    Processor: KSTREAM-AGGREGATE-0000000003 (stores: [counts])
      --> none
      <-- first-repartition-source

`,
  },
  {
    cases: ['an aggregation and a join'],
    build: (builder) => {
      const selected = byValue(builder)
      counted(selected, 'first')
      selected
        .join(stream(builder, 'other'), plus, windows, { key: string(), name: 'both', store: 'both' })
        .to('out', { value: string() })
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
      --> both-this-windowed, KSTREAM-AGGREGATE-0000000002
    Source: KSTREAM-SOURCE-0000000006 (topics: [other])
      --> both-other-windowed
    Processor: both-other-windowed (stores: [both-other-join-store])
      --> both-other-join
      <-- KSTREAM-SOURCE-0000000006
    Processor: both-this-windowed (stores: [both-this-join-store])
      --> both-this-join
      <-- first-repartition-source
    Processor: both-other-join (stores: [both-this-join-store])
      --> both-merge
      <-- both-other-windowed
    Processor: both-this-join (stores: [both-other-join-store])
      --> both-merge
      <-- both-this-windowed
    Processor: both-merge (stores: [])
      --> KSTREAM-SINK-0000000015
      <-- both-this-join, both-other-join
    Processor: KSTREAM-AGGREGATE-0000000002 (stores: [counts])
      --> none
      <-- first-repartition-source
    Sink: KSTREAM-SINK-0000000015 (topic: out)
      <-- both-merge

`,
  },
  {
    cases: ['streams with new keys that are merged'],
    build: (builder) => {
      const merged = byValue(builder, 'l').merge(byValue(builder, 'r'))
      counted(merged, 'first')
      reduced(merged, 'second')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [l])
      --> KSTREAM-KEY-SELECT-0000000001
    Source: KSTREAM-SOURCE-0000000002 (topics: [r])
      --> KSTREAM-KEY-SELECT-0000000003
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> KSTREAM-MERGE-0000000004
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-KEY-SELECT-0000000003 (stores: [])
      --> KSTREAM-MERGE-0000000004
      <-- KSTREAM-SOURCE-0000000002
    Processor: KSTREAM-MERGE-0000000004 (stores: [])
      --> first-repartition-filter
      <-- KSTREAM-KEY-SELECT-0000000001, KSTREAM-KEY-SELECT-0000000003
    Processor: first-repartition-filter (stores: [])
      --> first-repartition-sink
      <-- KSTREAM-MERGE-0000000004
    Sink: first-repartition-sink (topic: first-repartition)
      <-- first-repartition-filter

  Sub-topology: 1
    Source: first-repartition-source (topics: [first-repartition])
      --> KSTREAM-AGGREGATE-0000000005, KSTREAM-REDUCE-0000000009
    Processor: KSTREAM-AGGREGATE-0000000005 (stores: [counts])
      --> none
      <-- first-repartition-source
    Processor: KSTREAM-REDUCE-0000000009 (stores: [texts])
      --> none
      <-- first-repartition-source

`,
  },
  {
    cases: ['a repartition that was asked for'],
    build: (builder) => {
      const selected = byValue(builder)
      selected.repartition({ key: string(), name: 'asked' }).to('out', strings)
      counted(selected, 'first')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> asked-repartition-filter, first-repartition-filter
      <-- KSTREAM-SOURCE-0000000000
    Processor: asked-repartition-filter (stores: [])
      --> asked-repartition-sink
      <-- KSTREAM-KEY-SELECT-0000000001
    Processor: first-repartition-filter (stores: [])
      --> first-repartition-sink
      <-- KSTREAM-KEY-SELECT-0000000001
    Sink: asked-repartition-sink (topic: asked-repartition)
      <-- asked-repartition-filter
    Sink: first-repartition-sink (topic: first-repartition)
      <-- first-repartition-filter

  Sub-topology: 1
    Source: first-repartition-source (topics: [first-repartition])
      --> KSTREAM-AGGREGATE-0000000006
    Processor: KSTREAM-AGGREGATE-0000000006 (stores: [counts])
      --> none
      <-- first-repartition-source

  Sub-topology: 2
    Source: asked-repartition-source (topics: [asked-repartition])
      --> KSTREAM-SINK-0000000005
    Sink: KSTREAM-SINK-0000000005 (topic: out)
      <-- asked-repartition-source

`,
  },
  {
    cases: ['a table and an aggregation'],
    build: (builder) => {
      const selected = byValue(builder)
      selected.toTable({ key: string(), name: 'rows', store: 'rows' })
      counted(selected, 'first')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> rows-repartition-filter
      <-- KSTREAM-SOURCE-0000000000
    Processor: rows-repartition-filter (stores: [])
      --> rows-repartition-sink
      <-- KSTREAM-KEY-SELECT-0000000001
    Sink: rows-repartition-sink (topic: rows-repartition)
      <-- rows-repartition-filter

  Sub-topology: 1
    Source: rows-repartition-source (topics: [rows-repartition])
      --> KSTREAM-AGGREGATE-0000000006, rows
    Processor: KSTREAM-AGGREGATE-0000000006 (stores: [counts])
      --> none
      <-- rows-repartition-source
    Processor: rows (stores: [rows])
      --> none
      <-- rows-repartition-source

`,
  },
  {
    cases: ['a table of a topic'],
    build: (builder) => {
      builder
        .table('in', { ...strings, store: 'rows' })
        .toStream()
        .to('out')
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KTABLE-SOURCE-0000000001
    Processor: KTABLE-SOURCE-0000000001 (stores: [rows])
      --> KTABLE-TOSTREAM-0000000002
      <-- KSTREAM-SOURCE-0000000000
    Processor: KTABLE-TOSTREAM-0000000002 (stores: [])
      --> KSTREAM-SINK-0000000003
      <-- KTABLE-SOURCE-0000000001
    Sink: KSTREAM-SINK-0000000003 (topic: out)
      <-- KTABLE-TOSTREAM-0000000002

`,
  },
  {
    cases: ['a join of a stream with itself'],
    build: (builder) => {
      const records = stream(builder)
      records.join(records, plus, windows).to('out', { value: string() })
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-WINDOWED-0000000001
    Processor: KSTREAM-WINDOWED-0000000001 (stores: [KSTREAM-JOINTHIS-0000000003-store])
      --> KSTREAM-MERGE-0000000005
      <-- KSTREAM-SOURCE-0000000000
    Processor: KSTREAM-MERGE-0000000005 (stores: [KSTREAM-JOINTHIS-0000000003-store])
      --> KSTREAM-SINK-0000000006
      <-- KSTREAM-WINDOWED-0000000001
    Sink: KSTREAM-SINK-0000000006 (topic: out)
      <-- KSTREAM-MERGE-0000000005

`,
  },
  {
    cases: ['a named join of a stream with new keys with itself'],
    build: (builder) => {
      const selected = byValue(builder)
      selected
        .join(selected, plus, windows, { key: string(), name: 'both', store: 'both' })
        .to('out', { value: string() })
    },
    text: `Topologies:
   Sub-topology: 0
    Source: KSTREAM-SOURCE-0000000000 (topics: [in])
      --> KSTREAM-KEY-SELECT-0000000001
    Processor: KSTREAM-KEY-SELECT-0000000001 (stores: [])
      --> both-left-repartition-filter
      <-- KSTREAM-SOURCE-0000000000
    Processor: both-left-repartition-filter (stores: [])
      --> both-left-repartition-sink
      <-- KSTREAM-KEY-SELECT-0000000001
    Sink: both-left-repartition-sink (topic: both-left-repartition)
      <-- both-left-repartition-filter

  Sub-topology: 1
    Source: both-left-repartition-source (topics: [both-left-repartition])
      --> both-this-windowed
    Processor: both-this-windowed (stores: [both-this-join-store])
      --> both-merge
      <-- both-left-repartition-source
    Processor: both-merge (stores: [both-this-join-store])
      --> KSTREAM-SINK-0000000013
      <-- both-this-windowed
    Sink: KSTREAM-SINK-0000000013 (topic: out)
      <-- both-merge

`,
  },
]
