import type { JoinWindows } from '../../src/windows/join-windows.js'

export type Kind = 'join' | 'leftJoin' | 'outerJoin'
export type Side = 'l' | 'r'

/** A record that comes, or how many milliseconds of wall time pass. */
export type Step =
  | { readonly side: Side; readonly key: string | null; readonly value: string | null; readonly time: number }
  | { readonly wait: number }

export interface Result {
  readonly key: string | null
  readonly value: string
  readonly time: number
}

export const plus = (left: string | null, right: string | null): string => `${left}+${right}`

interface Kept {
  readonly time: number
  readonly key: string
  readonly value: string
}

interface Unmatched extends Kept {
  readonly side: Side
}

const other = (side: Side): Side => (side === 'l' ? 'r' : 'l')

/**
 * The join of Kafka Streams 4.1 as nested loops over lists: what it keeps of each stream, what it forgets and when it
 * gives up on records that meet none, its detours included.
 */
export class StreamJoinModel {
  private readonly kept: Record<Side, Kept[]> = { l: [], r: [] }
  /** The greatest time that was kept of each side. */
  private readonly newest: Record<Side, number> = { l: -1, r: -1 }
  private unmatched: Unmatched[] = []
  private streamTime = -1
  private minTime = Number.POSITIVE_INFINITY
  private wallTime = 0
  private nextEmit = 0
  private results: Result[] = []

  constructor(
    private readonly kind: Kind,
    private readonly windows: JoinWindows,
    private readonly emitInterval: number,
  ) {}

  /** What a step causes. */
  take(step: Step): readonly Result[] {
    this.results = []
    if ('wait' in step) this.wallTime += step.wait
    else this.process(step.side, step.key, step.value, step.time)
    return this.results
  }

  private process(side: Side, key: string | null, value: string | null, time: number): void {
    this.streamTime = Math.max(this.streamTime, time)
    if (value === null) return
    if (key === null) {
      if (this.keeps(side)) this.emit(null, this.alone(side, value), time)
      return
    }
    if (this.kind !== 'join' && time === this.streamTime) this.emitUnmatched(side)
    const found = this.matchesOf(side, key, time)
    for (const match of found) {
      this.unmatched = this.unmatched.filter(
        (each) => each.side === side || each.key !== key || each.time !== match.time,
      )
      const pair = side === 'l' ? plus(value, match.value) : plus(match.value, value)
      this.emit(key, pair, Math.max(time, match.time))
    }
    if (found.length === 0 && this.keeps(side)) this.miss({ side, key, value, time })
    this.newest[side] = Math.max(this.newest[side], time)
    this.kept[side].push({ key, value, time })
  }

  private matchesOf(side: Side, key: string, time: number): Kept[] {
    const [before, after] = [this.after(other(side)), this.after(side)]
    const { retention } = this.windows
    return this.kept[other(side)]
      .filter((each) => each.key === key && each.time > this.newest[other(side)] - retention)
      .filter((each) => each.time >= Math.max(0, time - before) && each.time <= Math.max(0, time + after))
      .sort((a, b) => a.time - b.time)
  }

  private miss(record: Unmatched): void {
    const { side, key, value, time } = record
    if (Math.max(0, time + this.after(side)) < this.streamTime) {
      this.emit(key, this.alone(side, value), time)
      return
    }
    this.minTime = Math.min(this.minTime, time)
    this.unmatched.push(record)
  }

  private emitUnmatched(side: Side): void {
    const open = this.after(side) + this.windows.graceMs
    // Of nothing the sum overflows in Java.
    const nothingToDo =
      this.minTime === Number.POSITIVE_INFINITY ? open <= 0 : this.minTime + open >= this.streamTime
    if (nothingToDo || this.wallTime < this.nextEmit) return
    this.nextEmit = this.wallTime + this.emitInterval
    this.minTime = Number.POSITIVE_INFINITY
    const seenOpen = new Set<Side>()
    const emitted = new Set<Unmatched>()
    for (const each of this.inOrder()) {
      this.minTime = each.time
      if (seenOpen.size === 2) break
      if (each.time + this.after(each.side) + this.windows.graceMs >= this.streamTime) {
        seenOpen.add(each.side)
        continue
      }
      this.emit(each.key, this.alone(each.side, each.value), each.time)
      emitted.add(each)
    }
    this.unmatched = this.unmatched.filter((each) => !emitted.has(each))
  }

  /** By time, right before left, then by the bytes of the key. */
  private inOrder(): Unmatched[] {
    return [...this.unmatched].sort(
      (a, b) =>
        a.time - b.time ||
        (a.side === b.side ? 0 : a.side === 'r' ? -1 : 1) ||
        Buffer.from(a.key).compare(Buffer.from(b.key)),
    )
  }

  /** How much later than a record of a side one of the other side may be. */
  private after(side: Side): number {
    return side === 'l' ? this.windows.afterMs : this.windows.beforeMs
  }

  private keeps(side: Side): boolean {
    return this.kind === 'outerJoin' || (this.kind === 'leftJoin' && side === 'l')
  }

  private alone(side: Side, value: string): string {
    return side === 'l' ? plus(value, null) : plus(null, value)
  }

  private emit(key: string | null, value: string, time: number): void {
    this.results.push({ key, value, time })
  }
}
