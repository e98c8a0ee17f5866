import type { StreamsState } from '../../runtime/kafka-streams.js'
import type { StreamsMetrics, ThreadMetrics } from '../../runtime/stream-metrics.js'

/** What a client tells of itself at one moment. */
export interface MetricsSnapshot {
  readonly state: StreamsState
  readonly metrics: StreamsMetrics
  /** The wall clock, epoch milliseconds. */
  readonly now: number
}

/** One series of a family and its value now. */
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
  /** When what counts it began, epoch milliseconds: another one counts from 0 again. Gauges have no use for it. */
  readonly since: number
}

/** Series of one name that differ in their labels. */
export interface MetricFamily {
  readonly name: string
  readonly type: 'counter' | 'gauge'
  readonly help: string
  readonly labels: readonly string[]
  /** What there is of it; nothing where nothing is known yet. */
  samples(snapshot: MetricsSnapshot): readonly Sample[]
}

type Description = Pick<MetricFamily, 'name' | 'type' | 'help'>

/** A part of a thread, by its labels, and its value; undefined: not known. */
export type Part = readonly [labels: Readonly<Record<string, string>>, value: number | undefined]

/** A series for each state that something can be in: 1 for the one that it is in, 0 for all others. */
export const stateParts = <S extends string>(
  states: readonly S[],
  current: S,
  labels: Readonly<Record<string, string>> = {},
): readonly Part[] => states.map((state): Part => [{ ...labels, state }, state === current ? 1 : 0])

/** A family with the parts of each thread. */
export const perPart = (
  description: Description,
  labels: readonly string[],
  parts: (thread: ThreadMetrics, snapshot: MetricsSnapshot) => readonly Part[],
): MetricFamily => ({
  ...description,
  labels: ['thread', ...labels],
  samples: (snapshot) =>
    snapshot.metrics.threads.flatMap((thread) => {
      const own = { thread: String(thread.thread) }
      return parts(thread, snapshot).flatMap(([labels, value]) =>
        value === undefined ? [] : [{ labels: { ...own, ...labels }, value, since: thread.startedAt }],
      )
    }),
})

/** A family with one series for each thread. */
export const perThread = (
  description: Description,
  value: (thread: ThreadMetrics, snapshot: MetricsSnapshot) => number | undefined,
): MetricFamily => perPart(description, [], (thread, snapshot) => [[{}, value(thread, snapshot)]])

/** A family of the client as a whole. */
export const perClient = (
  description: Description,
  labels: readonly string[],
  parts: (snapshot: MetricsSnapshot) => readonly Part[],
): MetricFamily => ({
  ...description,
  labels,
  samples: (snapshot) =>
    parts(snapshot).flatMap(([labels, value]) => (value === undefined ? [] : [{ labels, value, since: 0 }])),
})

/** Prometheus' unit of time, from ours. */
export const seconds = (milliseconds: number): number => milliseconds / 1000
