/** How to watch a running application from outside: what is here is not loaded by who does not. */
export {
  type MetricsSource,
  type PrometheusMetricsOptions,
  prometheusMetrics,
} from './metrics/prometheus-metrics.js'
