import { UsageError } from '../cli/usage-error.js'
import {
  dashboardRoutes,
  feedRoutes,
  HttpListenError,
  type HttpServer,
  healthRoutes,
  httpServer,
  metricsRoute,
  prometheusMetrics,
  type Route,
  type ShownResults,
  topologyRoute,
} from '../observe/index.js'
import type { KafkaStreams } from '../runtime/kafka-streams.js'
import type { DemoDescription } from './demo.js'
import { DEFAULT_PORT } from './start-options.js'

/** So many ports are tried from the usual one on. */
const PORTS = 20

/** A port that was asked for is taken, or may not be had. */
const portRefused = (port: number, error: HttpListenError): UsageError =>
  new UsageError(
    `the page cannot be served at port ${port}: ${error.message}; give another --port, 0 for a free one, or --no-page`,
    { cause: error },
  )

/**
 * Finds out whether the port that was asked for can be had, before anything is started.
 *
 * @throws UsageError if not
 */
export const checkPort = async (port: number | undefined): Promise<void> => {
  if (port !== undefined) await (await listen([], port)).close()
}

/**
 * Serves the page of a client, and what else there is to see of it: at the port that was asked for, else at the usual one or
 * the next that is free.
 *
 * @param shown the results, for demos that no store has the results of
 * @throws UsageError if the port that was asked for cannot be had
 */
export const servePage = async (
  streams: KafkaStreams,
  demo: DemoDescription,
  shown: () => ShownResults,
  port: number | undefined,
): Promise<HttpServer> => {
  const routes = routesOf(streams, demo, shown)
  if (port !== undefined) return listen(routes, port)
  for (let next = DEFAULT_PORT; next < DEFAULT_PORT + PORTS; next++) {
    try {
      return await httpServer({ port: next, routes })
    } catch (error) {
      if (!(error instanceof HttpListenError)) throw error
    }
  }
  return listen(routes, 0)
}

const listen = async (routes: readonly Route[], port: number): Promise<HttpServer> => {
  try {
    return await httpServer({ port, routes })
  } catch (error) {
    throw error instanceof HttpListenError ? portRefused(port, error) : error
  }
}

const routesOf = (
  streams: KafkaStreams,
  { results, feed }: DemoDescription,
  shown: () => ShownResults,
): readonly Route[] => {
  const { title, row, windowStart, lastHours, columns } = results
  const described = {
    title,
    row,
    columns,
    ...(windowStart === undefined ? {} : { windowStart }),
    ...(lastHours === undefined ? {} : { lastHours }),
  }
  const registry = prometheusMetrics(streams)
  const stores =
    feed === undefined ? {} : { [feed.store]: feed.show === undefined ? {} : { show: feed.show } }
  return [
    ...dashboardRoutes(streams, { results: { ...described, from: feed ?? shown } }),
    ...feedRoutes(streams, { stores, registry }),
    ...healthRoutes(streams),
    topologyRoute(streams),
    metricsRoute(registry),
  ]
}
