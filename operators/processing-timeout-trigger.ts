import { int64 } from '../src/serdes/int64.js'
import { optionalPair } from './optional-pair.js'
import { PartContext } from './part-context.js'
import { fires, purges, type Trigger, type TriggerContext, type TriggerResult } from './trigger.js'

/** What a trigger with a timeout keeps: what the other one does, and when its time is up. */
export type WithTimeout<S> = readonly [kept: S | undefined, end: number | undefined]

/** Fires when another trigger does, or some time after the first record since then; both begin anew when it fires. */
export class ProcessingTimeoutTrigger<V, S> implements Trigger<V, WithTimeout<S>> {
  readonly state
  readonly onMerge?: NonNullable<Trigger<V, WithTimeout<S>>['onMerge']>
  private readonly part = new PartContext<S, number>(0)
  private readonly trigger: Trigger<V, never>

  /** @param renew whether each record puts it off */
  constructor(
    trigger: Trigger<V, S>,
    private readonly timeout: number,
    private readonly renew: boolean,
  ) {
    this.trigger = trigger as unknown as Trigger<V, never>
    this.state = optionalPair(trigger.state, int64())
    if (trigger.onMerge !== undefined) this.onMerge = (merged, context) => this.merge(merged, context)
  }

  onElement(value: V, timestamp: number, context: TriggerContext<WithTimeout<S>>): TriggerResult {
    const result = this.trigger.onElement(value, timestamp, this.part.of(context))
    if (fires(result)) return this.begunAnew(result, context)
    const end = context.state?.[1]
    if (end !== undefined && !this.renew) return result
    if (end !== undefined) context.deleteProcessingTimer(end)
    this.endAt(context.currentProcessingTime + this.timeout, context)
    return result
  }

  onEventTime(timestamp: number, context: TriggerContext<WithTimeout<S>>): TriggerResult {
    const result = this.trigger.onEventTime(timestamp, this.part.of(context))
    return fires(result) ? this.begunAnew(result, context) : result
  }

  onProcessingTime(timestamp: number, context: TriggerContext<WithTimeout<S>>): TriggerResult {
    const isUp = timestamp === context.state?.[1]
    const result = this.trigger.onProcessingTime(timestamp, this.part.of(context))
    if (isUp) return this.begunAnew(purges(result) ? 'fireAndPurge' : 'fire', context)
    return fires(result) ? this.begunAnew(result, context) : result
  }

  clear(context: TriggerContext<WithTimeout<S>>): void {
    const end = context.state?.[1]
    if (end !== undefined) context.deleteProcessingTimer(end)
    this.trigger.clear?.(this.part.of(context))
  }

  private begunAnew(result: TriggerResult, context: TriggerContext<WithTimeout<S>>): TriggerResult {
    this.clear(context)
    context.state = undefined
    return result
  }

  private endAt(end: number, context: TriggerContext<WithTimeout<S>>): void {
    context.state = [context.state?.[0], end]
    context.setProcessingTimer(end)
  }

  private merge(
    merged: readonly (WithTimeout<S> | undefined)[],
    context: TriggerContext<WithTimeout<S>>,
  ): void {
    const kept = merged.map((each) => each?.[0]) as undefined[]
    this.trigger.onMerge!(kept, this.part.of(context))
    const ends = merged.flatMap((each) => each?.[1] ?? [])
    if (ends.length > 0) this.endAt(Math.min(...ends), context)
  }
}
