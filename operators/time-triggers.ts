import { int64 } from '../src/serdes/int64.js'
import { LAST_TIMESTAMP } from '../src/time/input-watermark.js'
import { optionalPair } from './optional-pair.js'
import { PartContext } from './part-context.js'
import type { Trigger, TriggerContext, TriggerResult } from './trigger.js'

/** What an early and a late trigger keep. */
export type EarlyAndLate<E, L> = readonly [early: E | undefined, late: L | undefined]

/** The triggers around the end of a window. */
export interface AroundTheEnd<V, E, L> {
  readonly early?: Trigger<V, E> | undefined
  readonly late?: Trigger<V, L> | undefined
}

const ended = (context: TriggerContext<never>): boolean => context.maxTimestamp <= context.currentEventTime

/** What the early or the late trigger sees: the timer of the end is for both. */
class AroundContext<E, L> extends PartContext<E, L> {
  override deleteEventTimer(timestamp: number): void {
    if (timestamp !== this.maxTimestamp) super.deleteEventTimer(timestamp)
  }
}

/**
 * Fires when everything of the window has come, and then at every record that comes for it still, or when `late` fires;
 * before that when `early` does.
 */
export class EventTimeTrigger<V, E, L> implements Trigger<V, EarlyAndLate<E, L>> {
  readonly state
  readonly onMerge?: NonNullable<Trigger<V, EarlyAndLate<E, L>>['onMerge']>
  private readonly early: Trigger<V, never> | undefined
  private readonly late: Trigger<V, never> | undefined
  private readonly earlyContext = new AroundContext<E, L>(0)
  private readonly lateContext = new AroundContext<E, L>(1)

  constructor({ early, late }: AroundTheEnd<V, E, L>) {
    this.early = early as Trigger<V, never> | undefined
    this.late = late as Trigger<V, never> | undefined
    const keeps = early?.state !== undefined || late?.state !== undefined
    this.state = keeps ? optionalPair(early?.state, late?.state) : undefined
    const merges =
      (early === undefined || early.onMerge !== undefined) &&
      (late === undefined || late.onMerge !== undefined)
    if (merges) this.onMerge = (merged, context) => this.merge(merged, context)
  }

  onElement(value: V, timestamp: number, context: TriggerContext<EarlyAndLate<E, L>>): TriggerResult {
    if (ended(context as TriggerContext<never>)) {
      const { late } = this
      return late === undefined ? 'fire' : late.onElement(value, timestamp, this.lateContext.of(context))
    }
    context.setEventTimer(context.maxTimestamp)
    return this.early?.onElement(value, timestamp, this.earlyContext.of(context)) ?? 'continue'
  }

  onEventTime(timestamp: number, context: TriggerContext<EarlyAndLate<E, L>>): TriggerResult {
    if (timestamp === context.maxTimestamp) {
      this.early?.clear?.(this.earlyContext.of(context))
      this.earlyContext.of(context).state = undefined
      return 'fire'
    }
    // Time may have come further than to the timer, which is what counts.
    if (timestamp < context.maxTimestamp) {
      return this.early?.onEventTime(timestamp, this.earlyContext.of(context)) ?? 'continue'
    }
    return this.late?.onEventTime(timestamp, this.lateContext.of(context)) ?? 'continue'
  }

  onProcessingTime(timestamp: number, context: TriggerContext<EarlyAndLate<E, L>>): TriggerResult {
    if (ended(context as TriggerContext<never>)) {
      return this.late?.onProcessingTime(timestamp, this.lateContext.of(context)) ?? 'continue'
    }
    return this.early?.onProcessingTime(timestamp, this.earlyContext.of(context)) ?? 'continue'
  }

  clear(context: TriggerContext<EarlyAndLate<E, L>>): void {
    this.early?.clear?.(this.earlyContext.of(context))
    this.late?.clear?.(this.lateContext.of(context))
    context.deleteEventTimer(context.maxTimestamp)
  }

  private merge(
    merged: readonly (EarlyAndLate<E, L> | undefined)[],
    context: TriggerContext<EarlyAndLate<E, L>>,
  ): void {
    const parts = (part: 0 | 1) => merged.map((each) => each?.[part]) as undefined[]
    if (ended(context as TriggerContext<never>)) {
      this.late?.onMerge?.(parts(1), this.lateContext.of(context))
      return
    }
    // One that had ended goes on: what was late is of the next result at its end.
    context.setEventTimer(context.maxTimestamp)
    this.early?.onMerge?.(parts(0), this.earlyContext.of(context))
  }
}

/** Fires when the clock has reached the last timestamp of the window. */
export const processingTimeTrigger = (): Trigger<unknown, undefined> => ({
  onElement: (_value, _timestamp, context) => {
    context.setProcessingTimer(context.maxTimestamp)
    return 'continue'
  },
  onEventTime: () => 'continue',
  onProcessingTime: () => 'fire',
  onMerge: (_merged, context) => {
    if (context.maxTimestamp > context.currentProcessingTime) context.setProcessingTimer(context.maxTimestamp)
  },
  clear: (context) => context.deleteProcessingTimer(context.maxTimestamp),
})

/** The least of the times at which those that were merged were to fire next. */
const earliest = (times: readonly (number | undefined)[]): number | undefined => {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}

/** What has no end ends when event time does. */
const endsWithTime = ({ maxTimestamp, currentEventTime }: TriggerContext<number>): boolean =>
  Math.min(maxTimestamp, currentEventTime) >= LAST_TIMESTAMP

/**
 * Fires at the multiples of an interval of event time, from the first record on, at the end, and at records after it. (When
 * event time ends, a window without end has no multiples left; Flink's has them all.)
 */
export const continuousEventTimeTrigger = (interval: number): Trigger<unknown, number> => {
  const fireNext = (from: number, context: TriggerContext<number>): void => {
    const next = endsWithTime(context)
      ? context.maxTimestamp
      : Math.min(from + interval, context.maxTimestamp)
    context.state = next
    context.setEventTimer(next)
  }
  return {
    state: int64(),
    onElement: (_value, timestamp, context) => {
      if (context.maxTimestamp <= context.currentEventTime) return 'fire'
      context.setEventTimer(context.maxTimestamp)
      if (context.state === undefined) fireNext(timestamp - (timestamp % interval), context)
      return 'continue'
    },
    onEventTime: (timestamp, context) => {
      if (timestamp === context.maxTimestamp) return 'fire'
      if (timestamp !== context.state) return 'continue'
      fireNext(timestamp, context)
      return 'fire'
    },
    onProcessingTime: () => 'continue',
    onMerge: (merged, context) => {
      context.state = earliest(merged)
      if (context.state !== undefined) context.setEventTimer(context.state)
    },
    clear: (context) => {
      context.deleteEventTimer(context.maxTimestamp)
      if (context.state !== undefined) context.deleteEventTimer(context.state)
    },
  }
}

/**
 * Fires at the multiples of an interval of the clock, from the first record on, as long as there is the window. (Flink's
 * ends at the window's last timestamp, which by the clock may be long past.)
 */
export const continuousProcessingTimeTrigger = (interval: number): Trigger<unknown, number> => {
  const fireNext = (from: number, context: TriggerContext<number>): void => {
    context.state = from + interval
    context.setProcessingTimer(from + interval)
  }
  return {
    state: int64(),
    onElement: (_value, _timestamp, context) => {
      const now = context.currentProcessingTime
      if (context.state === undefined) fireNext(now - (now % interval), context)
      return 'continue'
    },
    onEventTime: () => 'continue',
    onProcessingTime: (timestamp, context) => {
      if (timestamp !== context.state) return 'continue'
      // Ticks that have passed meanwhile are not made up for.
      const now = Math.max(timestamp, context.currentProcessingTime)
      fireNext(now - (now % interval), context)
      return 'fire'
    },
    onMerge: (merged, context) => {
      context.state = earliest(merged)
      if (context.state !== undefined) context.setProcessingTimer(context.state)
    },
    clear: (context) => {
      if (context.state !== undefined) context.deleteProcessingTimer(context.state)
    },
  }
}
