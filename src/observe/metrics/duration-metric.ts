import { Histogram, type Registry } from 'prom-client'
import type { DurationFigures } from '../../runtime/duration-histogram.js'
import { seconds } from './metric-family.js'

/** One series of a histogram. */
export interface DurationSeries {
  readonly labels: Readonly<Record<string, string>>
  readonly durations: DurationFigures
}

interface Exposed {
  readonly labels: Readonly<Record<string, string>>
  readonly sharedLabels: Readonly<Record<string, string>>
  readonly metricName: string
  readonly value: number
}

/** A histogram whose buckets are counted elsewhere: prom-client's own counts what it observes itself. */
export class DurationMetric extends Histogram {
  constructor(
    private readonly configuration: {
      readonly name: string
      readonly help: string
      labelNames: string[]
      registers: Registry[]
    },
    private readonly series: () => readonly DurationSeries[],
  ) {
    super(configuration)
  }

  /** What a registry asks for when it is scraped, and what `get` goes by. */
  async getForPromString() {
    const { name, help } = this.configuration
    const values = this.series().flatMap((each) => valuesOf(name, each))
    return { name, help, type: 'histogram', aggregator: 'sum', values }
  }
}

function valuesOf(name: string, { labels: sharedLabels, durations }: DurationSeries): Exposed[] {
  const { bounds, counts, sum } = durations
  let count = 0
  const buckets = counts.map((within, at) => {
    count += within
    const bound = bounds[at]
    const le = bound === undefined ? '+Inf' : String(seconds(bound))
    return { metricName: `${name}_bucket`, labels: { le }, sharedLabels, value: count }
  })
  return [
    ...buckets,
    { metricName: `${name}_sum`, labels: {}, sharedLabels, value: seconds(sum) },
    { metricName: `${name}_count`, labels: {}, sharedLabels, value: count },
  ]
}
