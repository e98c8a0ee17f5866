import type { Duration, Serde, Topology } from 'millrace'
import type { TopologyTestDriverOptions } from 'millrace/testing'

// biome-ignore lint/suspicious/noExplicitAny: topics of many types stand side by side in an example.
type AnySerde = Serde<any>

/** A topic of an example, read or written. */
export interface ExampleTopic {
  readonly key: AnySerde
  readonly value: AnySerde
}

/** A topic that an example writes. */
export interface ExampleOutput extends ExampleTopic {
  /** Whether the end of a window belongs to it, as in sliding and session windows. */
  readonly endIncluded?: boolean
  /** How long a window takes records after its end: grace, and the gap of sessions. Drawn behind the window. */
  readonly openFor?: Duration
}

/** A record that is piped in: topic, key, value, its timestamp as the time since the epoch, and headers. */
export type ExampleRecord = readonly [
  topic: string,
  key: unknown,
  value: unknown,
  at: Duration,
  headers?: Readonly<Record<string, string>>,
]

/** What an example does next: pipes a record, moves the wall clock on, ends the input, or waits for answers. */
export type ExampleStep = ExampleRecord | { readonly wallClock: Duration } | 'drain' | 'answers'

/** A small topology with its input. A page shows the source, and what the topology makes of the input. */
export interface Example {
  readonly topology: Topology
  readonly inputs: Readonly<Record<string, ExampleTopic>>
  readonly outputs: Readonly<Record<string, ExampleOutput>>
  readonly steps: readonly ExampleStep[]
  readonly driver?: TopologyTestDriverOptions
  /** Lines that the topology's functions write, in the order in which they do. */
  readonly lines?: readonly string[]
}
