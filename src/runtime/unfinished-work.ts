import type { RecordContext, Step } from '../../operators/processor.js'
import { copiedHeaders } from '../serdes/record-headers.js'

interface Work {
  readonly step: Step
  /** The record that it belongs to. */
  readonly record: Readonly<RecordContext>
}

/**
 * What operators of a task have begun and go on with before the next record, a step at a time: between two steps the
 * task can commit and the thread do other things. What a step causes downstream goes first, so that all happens in the
 * order in which it would happen at once.
 */
export class UnfinishedWork {
  private readonly stack: Work[] = []
  /** While processors begin nothing is done: what they go on with waits for the task to run. */
  private beginning = true

  /** @param record the record in hand */
  constructor(private readonly record: RecordContext) {}

  get pending(): boolean {
    return this.stack.length > 0
  }

  /** All processors have begun. */
  begun(): void {
    this.beginning = false
  }

  /** Does the first step at once, and keeps the work if any is left. */
  begin(step: Step): void {
    const { stack, record } = this
    const work = { step, record: { ...record, headers: copiedHeaders(record.headers) } }
    // What the step itself begins comes above.
    stack.push(work)
    if (!this.beginning) this.run(work)
  }

  /** Does a step of what was begun last. */
  goOn(): void {
    const work = this.stack.at(-1)
    if (work === undefined) return
    Object.assign(this.record, work.record)
    this.run(work)
  }

  private run(work: Work): void {
    const { stack } = this
    const interrupted = (): boolean => stack.at(-1) !== work
    if (!work.step(interrupted)) stack.splice(stack.indexOf(work), 1)
  }
}
