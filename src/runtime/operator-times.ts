import type { OperatorProgress } from '../../operators/processor.js'
import { isTimed, type StateStore, type TimedStore } from '../state/store.js'
import { type EventClock, StreamTimeClock, WatermarkClock } from '../time/event-clock.js'
import { END_OF_TIME } from '../time/input-watermark.js'
import { type ProcessorNode, type SubTopology, sourcesOf } from '../topology/sub-topology.js'

const RADIX = 36
/** Beside the ids of operators, stores and sources. */
const UNFINISHED = '~'

/** Where an operator stands in event time. */
interface OperatorTime {
  readonly clock: EventClock
  readonly progress: OperatorProgress
}

/**
 * Where the operators of a task that keep state stand in time, and their stores. It is committed with the offsets: which
 * records are late, which rows have expired, and which windows were handed on, does not depend on when the task began,
 * nor on what it found on its disk.
 *
 * As text, for each operator that has seen a record: its store, its event time and the numbers of its progress; and for
 * each store whose rows expire: the time by which they do; and whether something is not over. In base 36, what comes last and is not known is left out.
 * Stores are numbered by name, since those of one topology are always the same; operators on one store in the order of
 * the topology.
 */
export class OperatorTimes {
  private readonly operators = new Map<string, OperatorTime>()
  private readonly byNode = new Map<string, OperatorTime>()
  private readonly stores: readonly StateStore[]
  private readonly onStore = new Map<string, number>()
  /** Of operators that have one time, by their store. */
  private readonly shared = new Map<string, OperatorTime>()
  private readonly committed: ReadonlyMap<string, readonly number[]>

  /** Has the stores go on from what was committed. */
  constructor(
    stores: Iterable<StateStore>,
    /** What was committed, of each input partition that has an offset. */
    committed: readonly string[],
  ) {
    this.stores = [...stores].sort((left, right) => (left.name < right.name ? -1 : 1))
    this.committed = latest(committed)
    for (const { id, store } of this.timedStores()) {
      const [time] = this.committed.get(id) ?? []
      if (time !== undefined) store.observeTime(time)
    }
  }

  /**
   * The clock of an operator and what is committed beside; of one without store they begin anew.
   *
   * @param watermarks whether its time comes from watermarks; asked for the first time it decides
   */
  of(node: ProcessorNode, watermarks = false): OperatorTime {
    const present = this.byNode.get(node.name) ?? this.make(node, watermarks)
    this.byNode.set(node.name, present)
    return present
  }

  private make({ stores, timeStore }: ProcessorNode, watermarks: boolean): OperatorTime {
    if (timeStore !== undefined) {
      const present = this.shared.get(timeStore) ?? this.next(timeStore, watermarks)
      this.shared.set(timeStore, present)
      return present
    }
    const [store] = stores
    return store === undefined ? operatorTime([], watermarks) : this.next(store, watermarks)
  }

  /** How far event time had come at the sources of a sub-topology, where it comes from watermarks. */
  committedSources(subTopology: number, sources: number): number[] {
    const times = this.committed.get(sourcesId(subTopology)) ?? []
    return Array.from({ length: sources }, (_, source) => times[source] ?? -1)
  }

  /** That of the next operator on a store. */
  private next(store: string, watermarks: boolean): OperatorTime {
    const before = this.onStore.get(store) ?? 0
    this.onStore.set(store, before + 1)
    const number = this.stores.findIndex(({ name }) => name === store).toString(RADIX)
    const id = before === 0 ? number : `${number}~${before}`
    const time = operatorTime(this.committed.get(id) ?? [], watermarks)
    this.operators.set(id, time)
    return time
  }

  /**
   * As it is committed.
   *
   * @param sources how far event time has come at the sources of sub-topologies, where it comes from watermarks
   * @param unfinished whether something that has begun goes on after the commit: rows that time hands on, say
   */
  encode(sources: ReadonlyMap<number, readonly number[]> = new Map(), unfinished = false): string {
    const parts: string[] = unfinished ? [UNFINISHED] : []
    for (const [id, times] of sources) parts.push(encoded(sourcesId(id), times))
    for (const [id, { clock, progress }] of this.operators) {
      // With watermarks something may wait before anything is known of time.
      if (clock.now >= 0 || progress.waitingSince >= 0)
        parts.push(encoded(id, [clock.now, ...numbersIn(progress)]))
    }
    for (const { id, store } of this.timedStores()) {
      if (store.observedTime >= 0) parts.push(encoded(id, [store.observedTime]))
    }
    return parts.join(',')
  }

  private *timedStores(): Iterable<{ readonly id: string; readonly store: TimedStore }> {
    for (const [number, store] of this.stores.entries()) {
      if (isTimed(store)) yield { id: `${number.toString(RADIX)}!`, store }
    }
  }
}

/** Whether event time had ended at a sub-topology when a task of it committed, and all had happened that its end brings. */
export function eventTimeEnded(committed: string, subTopology: SubTopology): boolean {
  if (committed.split(',').includes(UNFINISHED)) return false
  return new OperatorTimes([], [committed])
    .committedSources(subTopology.id, sourcesOf(subTopology).length)
    .every((eventTime) => eventTime >= END_OF_TIME)
}

/** Beside the ids of stores, which begin with a letter or digit. */
const sourcesId = (subTopology: number): string => `@${subTopology.toString(RADIX)}`

function operatorTime([now = -1, ...numbers]: readonly number[], watermarks: boolean): OperatorTime {
  const clock = watermarks ? new WatermarkClock(now) : new StreamTimeClock(now)
  return { clock, progress: progressOf(numbers) }
}

const numbersIn = (progress: OperatorProgress): number[] => {
  const { closeTime, greatest, nextLook, handingOn, waitingChanges, waitingSince } = progress
  return [
    closeTime,
    greatest,
    nextLook,
    handingOn?.closeTime ?? -1,
    handingOn?.count ?? -1,
    waitingChanges === 0 ? -1 : waitingChanges,
    waitingSince,
  ]
}

function progressOf(numbers: readonly number[]): OperatorProgress {
  const [closeTime = -1, greatest = -1, nextLook = -1, target = -1, count = 0, changes = -1, since = -1] =
    numbers
  return {
    closeTime,
    greatest,
    nextLook,
    handingOn: target < 0 ? undefined : { closeTime: target, count },
    waitingChanges: Math.max(0, changes),
    waitingSince: since,
  }
}

/** An id and numbers; those that are not known are negative. */
function encoded(id: string, numbers: readonly number[]): string {
  const known = numbers.slice(0, numbers.findLastIndex((number) => number >= 0) + 1)
  return [id, ...known.map((number) => (number < 0 ? '' : number.toString(RADIX)))].join('.')
}

/** Every partition of a task was committed with the times of all operators, some longer ago than others. */
function latest(committed: readonly string[]): Map<string, readonly number[]> {
  const times = new Map<string, readonly number[]>()
  for (const part of committed.flatMap((text) => (text === '' ? [] : text.split(',')))) {
    const [id, ...texts] = part.split('.') as [string, ...string[]]
    const numbers = texts.map(decoded)
    const before = times.get(id)
    if (before === undefined || isBefore(before, numbers)) times.set(id, numbers)
  }
  return times
}

/** Whether something stood at one place before it stood at another: the first number that differs has grown. */
function isBefore(one: readonly number[], other: readonly number[]): boolean {
  const at = other.findIndex((number, index) => number !== (one[index] ?? -1))
  return at >= 0 && (one[at] ?? -1) < other[at]!
}

const decoded = (number: string): number => (number === '' ? -1 : Number.parseInt(number, RADIX))
