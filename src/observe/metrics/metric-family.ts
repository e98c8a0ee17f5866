import type { DurationFigures } from '../../runtime/duration-histogram.js'
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
export interface Sample<V> {
  readonly labels: Readonly<Record<string, string>>
  readonly value: V
  /** When what counts it began, epoch milliseconds: another one counts from 0 again. Gauges have no use for it. */
  readonly since: number
}

interface Family<T, V> {
  readonly name: string
  readonly type: T
  readonly help: string
  readonly labels: readonly string[]
  /** What there is of it; nothing where nothing is known yet. */
  samples(snapshot: MetricsSnapshot): readonly Sample<V>[]
}

export type GaugeFamily = Family<'gauge', number>
export type CounterFamily = Family<'counter', number>
/** Of durations, in milliseconds. */
export type HistogramFamily = Family<'histogram', DurationFigures>

/** Series of one name that differ in their labels. */
export type MetricFamily = GaugeFamily | CounterFamily | HistogramFamily

interface ValueOf {
  gauge: number
  counter: number
  histogram: DurationFigures
}

interface Description<T extends keyof ValueOf> {
  readonly name: string
  readonly type: T
  readonly help: string
}

/** A part of a thread, by its labels, and its value; undefined: not known. */
export type Part<V = number> = readonly [labels: Readonly<Record<string, string>>, value: V | undefined]

/** A series for each state that something can be in: 1 for the one that it is in, 0 for all others. */
export const stateParts = <S extends string>(
  states: readonly S[],
  current: S,
  labels: Readonly<Record<string, string>> = {},
): readonly Part[] => states.map((state): Part => [{ ...labels, state }, state === current ? 1 : 0])

/** A family with the parts of each thread. */
export const perPart = <T extends keyof ValueOf>(
  description: Description<T>,
  labels: readonly string[],
  parts: (thread: ThreadMetrics, snapshot: MetricsSnapshot) => readonly Part<ValueOf[T]>[],
): Family<T, ValueOf[T]> => ({
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

/** A family of numbers, of either type. */
export const perNumber = (
  { name, type, help }: Description<'gauge' | 'counter'>,
  ...rest: [labels: readonly string[], parts: (thread: ThreadMetrics) => readonly Part[]]
): MetricFamily =>
  type === 'gauge' ? perPart({ name, type, help }, ...rest) : perPart({ name, type, help }, ...rest)

/** A family with one series for each thread. */
export const perThread = <T extends keyof ValueOf>(
  description: Description<T>,
  value: (thread: ThreadMetrics, snapshot: MetricsSnapshot) => ValueOf[T] | undefined,
): Family<T, ValueOf[T]> => perPart(description, [], (thread, snapshot) => [[{}, value(thread, snapshot)]])

/** A family of the client as a whole. */
export const perClient = (
  description: Description<'gauge'>,
  labels: readonly string[],
  parts: (snapshot: MetricsSnapshot) => readonly Part[],
): GaugeFamily => ({
  ...description,
  labels,
  samples: (snapshot) =>
    parts(snapshot).flatMap(([labels, value]) => (value === undefined ? [] : [{ labels, value, since: 0 }])),
})

/** Prometheus' unit of time, from ours. */
export const seconds = (milliseconds: number): number => milliseconds / 1000
