import type { TimerCounts } from '../../operators/processor.js'
import type { TimerMetrics } from './stream-metrics.js'

/** The timers of the operators of a task, which are counted. Most tasks have none. */
export class TaskTimers {
  private readonly all: { readonly operator: string; readonly counts: TimerCounts }[] = []

  /** @param operator its name in the topology */
  add(operator: string, counts: TimerCounts): void {
    this.all.push({ operator, counts })
  }

  metrics(task: string): readonly TimerMetrics[] {
    return this.all.map(({ operator, counts: { pending, fired } }) => ({ task, operator, pending, fired }))
  }
}
