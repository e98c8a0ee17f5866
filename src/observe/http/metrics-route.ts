import type { Registry } from 'prom-client'
import { answer } from './answer.js'
import type { Route } from './route.js'

/** `/metrics`: what Prometheus scrapes. */
export const metricsRoute = (registry: Registry): Route => ({
  method: 'GET',
  path: '/metrics',
  async handle(_, response) {
    answer(response, 200, registry.contentType, await registry.metrics())
  },
})
