import type { OutsideCalls } from '../../operators/processor.js'
import type { AsyncCallMetrics } from './stream-metrics.js'

/** What the operators of a task ask of the outside. Most tasks ask nothing. */
export class TaskCalls {
  private readonly all: OutsideCalls[] = []
  private readonly names: string[] = []

  /** @param operator its name in the topology */
  add(operator: string, calls: OutsideCalls): void {
    this.all.push(calls)
    this.names.push(operator)
  }

  /** Whether no further record is to be read. */
  get full(): boolean {
    const { all } = this
    for (let at = 0; at < all.length; at++) if (all[at]!.full) return true
    return false
  }

  /** Whether results have come that are to be handed on before the next record. */
  get ready(): boolean {
    const { all } = this
    for (let at = 0; at < all.length; at++) if (all[at]!.ready) return true
    return false
  }

  /** Whether an answer comes by itself. */
  get calling(): boolean {
    return this.all.some(({ calling }) => calling)
  }

  /** Records whose results are not handed on yet. */
  get inFlight(): number {
    return this.all.reduce((sum, { counts }) => sum + counts.inFlight, 0)
  }

  /** Hands on results of one operator: what is furthest downstream first, so that it makes room. */
  takeResults(): void {
    this.all.find(({ ready }) => ready)?.takeResults()
  }

  /** When the wall clock has something to do, epoch milliseconds; infinite: never. */
  get due(): number {
    return this.all.reduce((least, { due }) => Math.min(least, due), Number.POSITIVE_INFINITY)
  }

  clockMoved(now: number): void {
    for (const calls of this.all) calls.clockMoved(now)
  }

  abandon(): void {
    for (const calls of this.all) calls.abandon()
  }

  metrics(task: string): readonly AsyncCallMetrics[] {
    return this.all.map(({ counts }, at) => ({ task, operator: this.names[at]!, ...counts }))
  }
}
