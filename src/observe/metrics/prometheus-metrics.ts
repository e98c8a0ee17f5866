import { Counter, Gauge, Registry } from 'prom-client'
import type { KafkaStreams } from '../../runtime/kafka-streams.js'
import { ConfigError } from '../../runtime/streams-error.js'
import { CLIENT_FAMILIES } from './client-families.js'
import { DurationMetric } from './duration-metric.js'
import { INTAKE_FAMILIES } from './intake-families.js'
import type {
  CounterFamily,
  GaugeFamily,
  HistogramFamily,
  MetricFamily,
  MetricsSnapshot,
} from './metric-family.js'
import { OPERATOR_FAMILIES } from './operator-families.js'
import { PARTITION_FAMILIES } from './partition-families.js'
import { RunningTotals } from './running-totals.js'
import { SCHEMA_FAMILIES } from './schema-families.js'
import { STORE_FAMILIES } from './store-families.js'
import { TASK_FAMILIES } from './task-families.js'
import { THREAD_FAMILIES } from './thread-families.js'
import { TOPIC_FAMILIES } from './topic-families.js'

/** Whose figures are shown: a client. */
export type MetricsSource = Pick<KafkaStreams, 'metrics' | 'state'>

export interface PrometheusMetricsOptions {
  /** Where the metrics are registered; default: a registry of their own. It takes one client. */
  readonly registry?: Registry
  /** Labels of every series, beside its own: `{ application: 'delays' }`. */
  readonly labels?: Readonly<Record<string, string>>
}

const FAMILIES: readonly MetricFamily[] = [
  ...CLIENT_FAMILIES,
  ...THREAD_FAMILIES,
  ...TASK_FAMILIES,
  ...PARTITION_FAMILIES,
  ...TOPIC_FAMILIES,
  ...INTAKE_FAMILIES,
  ...OPERATOR_FAMILIES,
  ...STORE_FAMILIES,
  ...SCHEMA_FAMILIES,
]

/** `le` is what histograms call their buckets. */
const OWN_LABELS = new Set([...FAMILIES.flatMap(({ labels }) => labels), 'le'])
const LABEL_NAME = /^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$/

/**
 * Registers the metrics of a client with prom-client. They are read whenever the registry is scraped and cost nothing
 * in between; figures of worker threads are at most a fraction of a second old. `docs/metrics.md` has them all.
 *
 * @returns the registry
 * @throws {ConfigError} if a label has no valid name, or one that a metric has already
 * @throws {Error} if the registry has metrics of these names already: of another client
 * @example
 * ```ts
 * const registry = prometheusMetrics(streams, { labels: { application: 'delays' } })
 * response.setHeader('Content-Type', registry.contentType).end(await registry.metrics())
 * ```
 */
export function prometheusMetrics(streams: MetricsSource, options: PrometheusMetricsOptions = {}): Registry {
  const { registry = new Registry(), labels = {} } = options
  for (const name of Object.keys(labels)) {
    if (!LABEL_NAME.test(name))
      throw new ConfigError('labels', `${name} is no name for a label in Prometheus`)
    if (OWN_LABELS.has(name)) {
      throw new ConfigError('labels', `metrics have a label ${name} of their own: choose another name`)
    }
  }
  const scrape = new Scrape(streams)
  for (const family of FAMILIES) register(family, { registry, labels, scrape })
  return registry
}

/** The figures of one scrape: all metrics show the same moment. */
class Scrape {
  readonly totals = new RunningTotals()
  private current: MetricsSnapshot | undefined

  constructor(private readonly streams: MetricsSource) {}

  get snapshot(): MetricsSnapshot {
    if (this.current === undefined) {
      const { streams } = this
      this.current = { state: streams.state, metrics: streams.metrics(), now: Date.now() }
      // A registry asks all of its metrics in one go.
      queueMicrotask(() => {
        this.current = undefined
      })
    }
    return this.current
  }
}

interface Registration {
  readonly registry: Registry
  readonly labels: Readonly<Record<string, string>>
  readonly scrape: Scrape
}

function register(family: MetricFamily, registration: Registration): void {
  if (family.type === 'gauge') registerGauge(family, registration)
  else if (family.type === 'counter') registerCounter(family, registration)
  else registerHistogram(family, registration)
}

const configurationOf = (
  { name, help, labels: own }: MetricFamily,
  { registry, labels }: Registration,
): { name: string; help: string; labelNames: string[]; registers: Registry[] } => ({
  name,
  help,
  labelNames: [...Object.keys(labels), ...own],
  registers: [registry],
})

function registerGauge(family: GaugeFamily, registration: Registration): void {
  const { labels, scrape } = registration
  new Gauge({
    ...configurationOf(family, registration),
    collect() {
      this.reset()
      for (const sample of family.samples(scrape.snapshot)) {
        this.set({ ...labels, ...sample.labels }, sample.value)
      }
    },
  })
}

function registerCounter(family: CounterFamily, registration: Registration): void {
  const { labels, scrape } = registration
  new Counter({
    ...configurationOf(family, registration),
    collect() {
      this.reset()
      for (const { labels: own, value, since } of family.samples(scrape.snapshot)) {
        this.inc({ ...labels, ...own }, scrape.totals.total(seriesOf(family, own), since, value))
      }
    },
  })
}

function registerHistogram(family: HistogramFamily, registration: Registration): void {
  const { labels, scrape } = registration
  new DurationMetric(configurationOf(family, registration), () =>
    family.samples(scrape.snapshot).map(({ labels: own, value, since }) => ({
      labels: { ...labels, ...own },
      durations: scrape.totals.durations(seriesOf(family, own), since, value),
    })),
  )
}

const seriesOf = ({ name }: MetricFamily, labels: Readonly<Record<string, string>>): string =>
  `${name} ${JSON.stringify(labels)}`
