/** How to watch a running application from outside: what is here is not loaded by who does not. */
export {
  type DashboardOptions,
  type DashboardResults,
  dashboardRoutes,
} from './dashboard/dashboard-routes.js'
export type { ResultRow } from './dashboard/results/result-table.js'
export type {
  Combine,
  ResultColumn,
  ResultsDescription,
} from './dashboard/results/results-description.js'
export type { SeriesStep, ShownResults, ShownSeries } from './dashboard/results/shown-results.js'
export type { FeedAccess, FeedOptions, FeedStoreOptions } from './feed/feed-options.js'
export { feedRoutes } from './feed/feed-routes.js'
export type { HealthSource } from './health/health-monitor.js'
export { type Authorize, bearerToken } from './http/bearer-token.js'
export { type HealthOptions, healthRoutes } from './http/health-routes.js'
export { HttpListenError, type HttpServer, type HttpServerOptions, httpServer } from './http/http-server.js'
export { metricsRoute } from './http/metrics-route.js'
export type { Route, RouteMethod } from './http/route.js'
export { topologyRoute } from './http/topology-route.js'
export {
  type MetricsSource,
  type PrometheusMetricsOptions,
  prometheusMetrics,
} from './metrics/prometheus-metrics.js'
