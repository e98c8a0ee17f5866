import { Counter, Gauge, Registry } from 'prom-client'
import type { KafkaStreams } from '../../runtime/kafka-streams.js'
import { ConfigError } from '../../runtime/streams-error.js'
import { CLIENT_FAMILIES } from './client-families.js'
import { INTAKE_FAMILIES } from './intake-families.js'
import type { MetricFamily, MetricsSnapshot, Sample } from './metric-family.js'
import { OPERATOR_FAMILIES } from './operator-families.js'
import { RunningTotals } from './running-totals.js'
import { TASK_FAMILIES } from './task-families.js'
import { THREAD_FAMILIES } from './thread-families.js'

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
  ...OPERATOR_FAMILIES,
  ...INTAKE_FAMILIES,
]

const OWN_LABELS = new Set(FAMILIES.flatMap(({ labels }) => labels))
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

function register(family: MetricFamily, { registry, labels, scrape }: Registration): void {
  const { name, help } = family
  const configuration = {
    name,
    help,
    labelNames: [...Object.keys(labels), ...family.labels],
    registers: [registry],
  }
  const samples = (): readonly Sample[] => family.samples(scrape.snapshot)
  if (family.type === 'gauge') {
    new Gauge({
      ...configuration,
      collect() {
        this.reset()
        for (const sample of samples()) this.set({ ...labels, ...sample.labels }, sample.value)
      },
    })
    return
  }
  new Counter({
    ...configuration,
    collect() {
      this.reset()
      for (const { labels: own, value, since } of samples()) {
        const total = scrape.totals.total(`${name} ${JSON.stringify(own)}`, since, value)
        this.inc({ ...labels, ...own }, total)
      }
    },
  })
}
