import { NO_HEADERS } from '../src/serdes/record-headers.js'
import type { KeyValueStore } from '../src/state/store.js'
import { END_OF_TIME } from '../src/time/input-watermark.js'
import type { Window, Windowed } from '../src/windows/window.js'
import { LateRecords } from './late-records.js'
import type { Pane } from './pane.js'
import type { PaneContents, PaneContentsSupplier } from './pane-contents.js'
import { PaneContext } from './pane-context.js'
import type { Downstream, Processor, ProcessorContext, ProcessorSupplier } from './processor.js'
import { TimerQueue } from './timer-queue.js'
import type { TimerType } from './timers.js'
import { fires, purges, type Trigger, type TriggerResult } from './trigger.js'
import type { WindowAssigner } from './window-assigner.js'

/** Windows whose results a trigger hands on. */
export interface TriggeredAggregation<K, V, A, S, R> {
  readonly windows: WindowAssigner
  readonly trigger: Trigger<V, S>
  readonly contents: PaneContentsSupplier<K, V, A, R>
  /** Names of the stores of windows and of timers. */
  readonly store: string
  readonly timers: string
  /** Name of the child that takes late records; undefined: they are dropped. */
  readonly lateOutput: string | undefined
}

/** A result that is to be handed on when what led to it is kept. */
interface Firing<R> {
  readonly window: Window
  readonly value: R
  readonly timestamp: number
}

class TriggeredAggregateProcessor<K, V, A, S, R> implements Processor<K, V, Windowed<K>, R> {
  private context!: ProcessorContext<Windowed<K>, R>
  private downstream!: Downstream<Windowed<K>, R>
  private store!: KeyValueStore<K, readonly Pane<A, S>[]>
  private timers!: TimerQueue<Windowed<K>>
  private pane!: PaneContext<K, S>
  private contents!: PaneContents<K, V, A, R>
  private late!: LateRecords<K, V>
  /** The windows of the key in hand, and the results that are to be handed on. */
  private panes: Pane<A, S>[] = []
  private firings: Firing<R>[] = []

  constructor(private readonly options: TriggeredAggregation<K, V, A, S, R>) {}

  init(context: ProcessorContext<Windowed<K>, R>): void {
    const { store, timers, contents, lateOutput } = this.options
    this.context = context
    this.downstream = context.downstream
    this.store = context.store(store)
    const erased = context as ProcessorContext<unknown, unknown>
    this.late = new LateRecords(erased, lateOutput)
    this.timers = new TimerQueue(erased, timers, (type, windowed, timestamp) =>
      this.onTimer(type, windowed, timestamp),
    )
    this.pane = new PaneContext(this.timers, this.options.windows)
    this.contents = contents(erased)
    this.timers.resume()
  }

  process(key: K, value: V, timestamp: number): void {
    if (key === null || key === undefined) {
      this.context.dropped('null-key')
      return
    }
    this.timers.begin(timestamp)
    this.forKey(key, timestamp, () => this.take(key, value, timestamp))
    this.timers.fireDue()
  }

  /** Does something with the windows of a key, keeps them, and hands on what has fired. */
  private forKey(key: K, timestamp: number, work: () => void): void {
    const { store, contents } = this
    const row = store.entry(key)
    this.panes = row.value === undefined ? [] : [...row.value]
    this.firings = []
    contents.begin(key, this.panes)
    try {
      work()
    } catch (cause) {
      throw this.context.userError(cause)
    }
    const { panes, firings } = this
    const left = panes.length === 0 ? undefined : panes
    contents.keep()
    if (row.value !== undefined || left !== undefined) {
      store.write(row, left, Math.max(row.timestamp, timestamp), NO_HEADERS)
    }
    for (const { window, value, timestamp: at } of firings) {
      this.downstream.process({ key, window }, value, at)
    }
  }

  private take(key: K, value: V, timestamp: number): void {
    const { windows } = this.options
    let taken = false
    for (const window of windows.windowsOf(timestamp)) {
      const at = windows.gap === undefined ? this.find(window) : this.joined(key, window, windows.gap)
      if (at === undefined) this.context.dropped('late')
      else {
        taken = true
        this.add(key, at, value, timestamp)
      }
    }
    // Of several windows each was counted.
    if (!taken) this.late.handOn(key, value, timestamp)
  }

  /** Where a window is, which is made if it is new; undefined: it is gone. */
  private find({ start, end }: Window): number | undefined {
    if (this.isGone({ start, end })) return undefined
    const at = this.panes.findIndex((pane) => pane.start === start && pane.end === end)
    return at >= 0
      ? at
      : this.panes.push({ start, end, timestamp: -1, value: undefined, state: undefined }) - 1
  }

  /** Where the session is that a record makes with those that are within the gap of it; undefined: it is gone. */
  private joined(key: K, record: Window, gap: number): number | undefined {
    const met = this.panes.filter(({ start, end }) => end >= record.start - gap && start <= record.end + gap)
    const start = Math.min(record.start, ...met.map((each) => each.start))
    const end = Math.max(record.end, ...met.map((each) => each.end))
    const [first] = met
    if (met.length === 0 || (met.length === 1 && first!.start === start && first!.end === end)) {
      return this.find({ start, end })
    }
    if (this.isGone({ start, end })) return undefined
    const state = this.merge(key, { start, end }, met)
    const timestamp = Math.max(...met.map((each) => each.timestamp))
    const value = this.merged(met)
    this.panes = this.panes.filter((pane) => !met.includes(pane))
    return this.panes.push({ start, end, timestamp, value, state }) - 1
  }

  /** Has the trigger go on with a session instead of others, whose timers are taken back. */
  private merge(key: K, window: Window, met: readonly Pane<A, S>[]): S | undefined {
    const { trigger, windows } = this.options
    const context = this.pane.of(key, window, windows.maxTimestamp(window), undefined)
    trigger.onMerge?.(
      met.map(({ state }) => state),
      context,
    )
    const { state } = context
    for (const each of met) this.clear(key, each)
    return state
  }

  /** What is kept of sessions that become one. */
  private merged(met: readonly Pane<A, S>[]): A | undefined {
    const values = met
      .toSorted((one, other) => one.end - other.end)
      .flatMap(({ value }) => (value === undefined ? [] : [value]))
    return values.length === 0 ? undefined : this.contents.merge(values)
  }

  private add(key: K, at: number, value: V, timestamp: number): void {
    const { trigger, windows } = this.options
    const { start, end, ...before } = this.panes[at]!
    const pane = {
      start,
      end,
      timestamp: Math.max(before.timestamp, timestamp),
      value: this.contents.add(value, timestamp, before.value),
      state: before.state,
    }
    const context = this.pane.of(key, pane, windows.maxTimestamp(pane), pane.state)
    const result = trigger.onElement(value, timestamp, context)
    this.follow(at, { ...pane, state: context.state }, result, pane.timestamp)
    const gone = windows.goneAfter(pane)
    if (gone < END_OF_TIME) this.timers.set('event-time', { key, window: { start, end } }, gone)
  }

  private onTimer(type: TimerType, { key, window }: Windowed<K>, timestamp: number): void {
    this.forKey(key, -1, () => this.fire(type, key, window, timestamp))
  }

  private fire(type: TimerType, key: K, { start, end }: Window, timestamp: number): void {
    const { trigger, windows } = this.options
    const at = this.panes.findIndex((pane) => pane.start === start && pane.end === end)
    // A timer that its trigger did not take back when the window went.
    if (at < 0) return
    const pane = this.panes[at]!
    const maxTimestamp = windows.maxTimestamp(pane)
    const context = this.pane.of(key, pane, maxTimestamp, pane.state)
    const isEventTime = type === 'event-time'
    const result = isEventTime
      ? trigger.onEventTime(timestamp, context)
      : trigger.onProcessingTime(timestamp, context)
    const reached = Math.min(maxTimestamp, isEventTime ? timestamp : this.context.clock.now)
    this.follow(at, { ...pane, state: context.state }, result, Math.max(pane.timestamp, reached))
    if (isEventTime && timestamp === windows.goneAfter(pane)) {
      this.clear(key, this.panes[at]!)
      this.drop(this.panes[at]!)
      this.panes.splice(at, 1)
    }
  }

  /** Keeps a window as its trigger has decided, and takes note of its result. */
  private follow(at: number, pane: Pane<A, S>, result: TriggerResult, timestamp: number): void {
    const left = fires(result) ? { ...pane, value: this.handOn(pane, timestamp) } : pane
    if (purges(result)) this.drop(left)
    this.panes[at] = purges(result) ? { ...left, value: undefined } : left
  }

  /** Takes note of the result of a window. @returns what it goes on with */
  private handOn({ start, end, value }: Pane<A, S>, timestamp: number): A | undefined {
    if (value === undefined) return undefined
    const { result, left } = this.contents.fire(value, this.pane)
    if (result !== undefined) this.firings.push({ window: { start, end }, value: result, timestamp })
    return left
  }

  private drop({ value }: Pane<A, S>): void {
    if (value !== undefined) this.contents.drop(value)
  }

  /** Takes back the timers of a window that goes. */
  private clear(key: K, { start, end, state }: Pane<A, S>): void {
    const { trigger, windows } = this.options
    const window = { start, end }
    trigger.clear?.(this.pane.of(key, window, windows.maxTimestamp(window), state))
    this.timers.delete('event-time', { key, window }, windows.goneAfter(window))
  }

  private isGone(window: Window): boolean {
    return this.options.windows.goneAfter(window) < this.context.clock.now
  }
}

/**
 * Keeps an aggregate or the elements per key and window, and hands on what comes of it when a trigger says so, as Flink's
 * window operator does: with the greatest timestamp of its records, or, where that is later, the one of the window that event
 * time has come to. The trigger is asked at each record and timer; a window is gone, with what the trigger keeps, when
 * everything up to its last timestamp and grace has come. All windows of a key are one row, but for their elements.
 */
export const triggeredAggregate =
  <K, V, A, S, R>(options: TriggeredAggregation<K, V, A, S, R>): ProcessorSupplier<K, V, Windowed<K>, R> =>
  () =>
    new TriggeredAggregateProcessor(options)
