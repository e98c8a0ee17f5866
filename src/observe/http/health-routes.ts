import { type Duration, parseDuration } from '../../time/duration.js'
import { HealthMonitor, type HealthSource } from '../health/health-monitor.js'
import { answerJson } from './answer.js'
import type { Route } from './route.js'

export interface HealthOptions {
  /**
   * A partition that is behind and does not move for so long has stalled, and a worker thread that gives no sign of life is
   * dead; default 5 minutes. Longer than `maxTaskIdle`, and than the longest call that a function makes.
   */
  readonly stalledAfter?: Duration
}

const DEFAULT_STALLED_AFTER = '5m'
const LONGEST_INTERVAL_MS = 5_000
/** It is looked at least so often before something counts as stalled. */
const LOOKS = 4

/**
 * `/healthz`, for the probe whose failure restarts the process: 200 while threads live and no partition has stalled, else
 * 503; the body says which. A process whose event loop is blocked does not answer. `/readyz`: 200 when all tasks that the
 * client was given are restored and process, else 503.
 *
 * @throws {InvalidDurationError} for `stalledAfter`
 */
export function healthRoutes(streams: HealthSource, options: HealthOptions = {}): readonly Route[] {
  const { stalledAfter = DEFAULT_STALLED_AFTER } = options
  const stalledAfterMs = parseDuration('stalledAfter', stalledAfter, { min: 1 })
  const intervalMs = Math.min(LONGEST_INTERVAL_MS, stalledAfterMs / LOOKS)
  const monitor = new HealthMonitor(streams, stalledAfterMs, intervalMs)
  lookEvery(intervalMs, monitor, streams)
  return [
    {
      method: 'GET',
      path: '/healthz',
      handle(_, response) {
        const health = monitor.health()
        answerJson(response, health.healthy ? 200 : 503, health)
      },
    },
    {
      method: 'GET',
      path: '/readyz',
      handle(_, response) {
        const readiness = monitor.readiness()
        answerJson(response, readiness.ready ? 200 : 503, readiness)
      },
    },
  ]
}

/** Also where nobody asks: what is told then is about the time before. Keeps no process alive. */
function lookEvery(intervalMs: number, monitor: HealthMonitor, streams: HealthSource): void {
  const timer = setInterval(() => {
    if (streams.state === 'not-running' || streams.state === 'error') clearInterval(timer)
    else monitor.look()
  }, intervalMs)
  timer.unref()
}
