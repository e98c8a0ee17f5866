import type { Serde } from '../src/serdes/serde.js'
import type { Storage } from '../src/state/storage.js'
import type { AnyStoreDefinition } from '../src/state/store-definition.js'
import { timerStore } from './timer-key.js'

/**
 * What a timer waits for.
 *
 * - `event-time`: until everything with timestamps up to its own has come to the operator: until a later record has
 *   come, or, where sources have watermarks, until its watermark has reached that time.
 * - `processing-time`: until the clock of the machine has reached its time.
 */
export type TimerType = 'event-time' | 'processing-time'

/** A timer that fires. */
export interface Timer<K> {
  readonly key: NonNullable<K>
  /** The time that it was set for, epoch milliseconds. */
  readonly timestamp: number
  readonly type: TimerType
}

/**
 * The timers of a processor. There is one for each key, time and type: what is set twice fires once. They are state: a
 * timer outlives restarts, moves with its task, and is gone exactly when what it did is committed.
 *
 * They fire in the order of their times, those of one time in the order of their serialized keys. One whose time has
 * passed already fires when the processor is done with the record or timer in hand.
 */
export interface Timers<K> {
  /**
   * Has `onTimer` be called when a time has come.
   *
   * @param timestamp epoch milliseconds
   * @throws {RangeError} if it is not
   * @throws {TypeError} without a key
   */
  set(type: TimerType, key: K, timestamp: number): void
  /** Takes a timer back. @returns whether there was one */
  delete(type: TimerType, key: K, timestamp: number): boolean
  /** Whether a timer is set, and has not fired. */
  has(type: TimerType, key: K, timestamp: number): boolean
  /** Up to which event time everything has come to this operator, epoch milliseconds; -1: nothing is known yet. */
  readonly currentEventTime: number
  /** The clock of the machine, epoch milliseconds; in tests that of the driver. */
  readonly currentProcessingTime: number
}

/** How timers are kept. */
export interface TimersOptions<K> {
  /** Serde of the keys that they are set for. */
  readonly key: Serde<K>
  /** Whether they have a changelog topic. Without one they are lost with the disk. Default: true. */
  readonly logging?: boolean | undefined
  /** Where those that are committed lie: `disk`, the default, `memory`, or a database of your own; see {@link Storage}. */
  readonly storage?: Storage | undefined
}

/** Timers that a processor may be given. Made by {@link Timers.of}. */
export interface TimersDeclaration<K> {
  /** The name of the store that they are kept in, and of its changelog: `<name>-changelog`. */
  readonly name: string
  /** What writes and reads the keys that they are for. */
  readonly key: Pick<Serde<K>, 'serialize' | 'deserialize'>
  readonly definition: AnyStoreDefinition
}

/** Declares {@link Timers}. */
export const Timers = {
  /**
   * Timers of one processor, which gets them by `context.timers(...)` and is called by `onTimer`.
   *
   * @param name of the store that keeps them
   * @example
   * ```ts
   * // Tells whose visit has ended: nothing was clicked for half an hour.
   * class Visits implements Processor<string, string, string, string> {
   *   private context!: ProcessorContext<string, string>
   *   private ends!: Timers<string>
   *   private last!: KeyValueStore<string, number>
   *
   *   init(context: ProcessorContext<string, string>) {
   *     this.context = context
   *     this.ends = context.timers(ends)
   *     this.last = context.store(last)
   *   }
   *
   *   process({ key, timestamp }: ProcessorRecord<string, string>) {
   *     const before = this.last.get(key)
   *     if (before !== undefined) this.ends.delete('event-time', key, before + 1_800_000)
   *     this.last.put(key, timestamp)
   *     this.ends.set('event-time', key, timestamp + 1_800_000)
   *   }
   *
   *   onTimer({ key, timestamp }: Timer<string>) {
   *     this.last.delete(key)
   *     this.context.forward({ key, value: 'gone', timestamp })
   *   }
   * }
   *
   * const ends = Timers.of('ends', { key: string() })
   * const last = Stores.keyValue('last', { key: string(), value: int64() })
   * const visits = clicks.process(() => new Visits(), { stores: [last], timers: ends })
   * assert.deepEqual(results(visits), ['ann: gone', 'bob: gone'])
   * ```
   */
  of: <K>(name: string, { key, logging = true, storage }: TimersOptions<K>): TimersDeclaration<K> => ({
    name,
    key,
    definition: timerStore(name, key, { logging, storage }),
  }),
}
