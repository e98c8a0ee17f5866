import type { KafkaStreams } from 'millrace'
import { dashboardRoutes, feedRoutes, httpServer } from 'millrace/observe'

/** Serves a page that shows the busiest airports, whose flights of an hour are in store `departures`. */
export const servePage = (streams: KafkaStreams, port: number) =>
  httpServer({
    port,
    routes: [
      ...dashboardRoutes(streams, {
        results: {
          title: 'Busiest airports',
          from: { store: 'departures' },
          row: 'airport',
          windowStart: 'hour',
          lastHours: 24,
          columns: [
            { title: 'flights', field: 'flights', combine: 'sum' },
            { title: 'worst delay', field: 'maxDelay', combine: 'max' },
          ],
        },
      }),
      ...feedRoutes(streams, { stores: { departures: {} } }),
    ],
  })
