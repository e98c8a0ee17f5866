import type { SpanEntry } from './store.js'
import type { SpanStoreDefinition } from './store-definition.js'

type SpanKind = SpanStoreDefinition<unknown, unknown>['kind']

type Shown = 'windowStart' | 'windowEnd' | 'value' | 'timestamp'

/** Where a span lies: sessions where they end, windows where they start. */
export const spanPosition = (kind: SpanKind, start: number, end: number): number =>
  kind === 'session' ? end : start

/** The turn of a span of which no update waits. */
export const NO_TURN = -1

/*
 * The numbers of a span, beside its value.
 */
const START = 0
const END = 1
/** Timestamp of the last write, deletions too. */
const CHANGED_AT = 2
/** Which of the updates that wait in the record cache is its own. */
const TURN = 3
const FLAGS = 4
const NUMBERS = 5

/** Changed since the bucket was last staged. */
const DIRTY = 1
/** The changelog may have it: then its removal is told there. */
const LOGGED = 2

/**
 * What a key has in one segment of time: its spans in order of their position, one row on disk. Windows lie where
 * they start, sessions where they end; sessions that end together lie in order of their start. Spans are named by
 * their index.
 *
 * Numbers and values lie in two arrays, whatever the number of spans: what a record changes is close together. With an
 * object for each span, most of the time went to fetching them from memory (measured).
 *
 * A span that was taken out stays, without a value, while the changelog or downstream has to be told.
 */
export class Bucket<V> {
  private readonly numbers: number[] = []
  private readonly values: (V | undefined)[] = []
  /** Which of a span's numbers is its position. */
  private readonly positionAt: number

  constructor(kind: SpanKind) {
    this.positionAt = kind === 'session' ? END : START
  }

  /** Number of spans, those without a value too. */
  get size(): number {
    return this.values.length
  }

  /** Whether no span has a value. */
  get empty(): boolean {
    return this.values.every((value) => value === undefined)
  }

  value(index: number): V | undefined {
    return this.values[index]
  }

  start(index: number): number {
    return this.numbers[index * NUMBERS + START]!
  }

  end(index: number): number {
    return this.numbers[index * NUMBERS + END]!
  }

  position(index: number): number {
    return this.numbers[index * NUMBERS + this.positionAt]!
  }

  changedAt(index: number): number {
    return this.numbers[index * NUMBERS + CHANGED_AT]!
  }

  turn(index: number): number {
    return this.numbers[index * NUMBERS + TURN]!
  }

  setTurn(index: number, turn: number): void {
    this.numbers[index * NUMBERS + TURN] = turn
  }

  isDirty(index: number): boolean {
    return (this.numbers[index * NUMBERS + FLAGS]! & DIRTY) !== 0
  }

  isLogged(index: number): boolean {
    return (this.numbers[index * NUMBERS + FLAGS]! & LOGGED) !== 0
  }

  /** Whether the span of an entry lies at an index. */
  isAt(index: number, entry: SpanEntry<unknown, V>): boolean {
    const { numbers } = this
    const at = index * NUMBERS
    if (at < 0 || at >= numbers.length) return false
    return numbers[at + START] === entry.windowStart && numbers[at + END] === entry.windowEnd
  }

  /** What a span's entry shows of it. */
  show(index: number, entry: { -readonly [P in Shown]: SpanEntry<unknown, V>[P] }): void {
    const { numbers } = this
    const at = index * NUMBERS
    const value = this.values[index]
    entry.windowStart = numbers[at + START]!
    entry.windowEnd = numbers[at + END]!
    entry.value = value
    entry.timestamp = value === undefined ? -1 : numbers[at + CHANGED_AT]!
  }

  /** Index of a span; -1: it is not there. */
  find(start: number, end: number): number {
    const position = this.positionAt === END ? end : start
    const { size } = this
    for (let at = this.firstFrom(position); at < size && this.position(at) === position; at++) {
      if (this.start(at) === start && this.end(at) === end) return at
    }
    return -1
  }

  /** Index of the span at a position whose update has a turn; -1: there is none. */
  findTurn(position: number, turn: number): number {
    const { size } = this
    for (let at = this.firstFrom(position); at < size && this.position(at) === position; at++) {
      if (this.turn(at) === turn) return at
    }
    return -1
  }

  /** Index of the first span at or after a position. */
  firstFrom(position: number): number {
    const { numbers, positionAt } = this
    let low = 0
    let high = this.values.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (numbers[middle * NUMBERS + positionAt]! < position) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Puts a span without a value in its place; it is not there yet. @returns its index */
  insert(start: number, end: number): number {
    const { numbers, values, size } = this
    const position = this.positionAt === END ? end : start
    let at = size
    while (at > 0 && this.isAfter(at - 1, start, position)) at--
    if (at === size) {
      numbers.push(start, end, -1, NO_TURN, 0)
      values.push(undefined)
    } else {
      numbers.splice(at * NUMBERS, 0, start, end, -1, NO_TURN, 0)
      values.splice(at, 0, undefined)
    }
    return at
  }

  private isAfter(index: number, start: number, position: number): boolean {
    const other = this.position(index)
    return other > position || (other === position && this.start(index) > start)
  }

  /** Adds a span that was read from disk, behind all others. */
  addStored(start: number, end: number, timestamp: number, value: V): void {
    this.numbers.push(start, end, timestamp, NO_TURN, LOGGED)
    this.values.push(value)
  }

  /** Sets the value of a span; undefined takes it out. */
  set(index: number, value: V | undefined, timestamp: number): void {
    const { numbers } = this
    const at = index * NUMBERS
    numbers[at + CHANGED_AT] = timestamp
    numbers[at + FLAGS] = numbers[at + FLAGS]! | DIRTY
    this.values[index] = value
  }

  /** Forgets a span that was taken out, if nobody has to be told of that. */
  forgetIfGone(index: number): void {
    if (this.values[index] !== undefined || this.turn(index) !== NO_TURN || this.isLogged(index)) return
    this.numbers.splice(index * NUMBERS, NUMBERS)
    this.values.splice(index, 1)
  }

  /** Takes note that the changelog has a span as it is here. */
  staged(index: number): void {
    this.numbers[index * NUMBERS + FLAGS] = this.values[index] === undefined ? 0 : LOGGED
  }

  /** Forgets the spans that were taken out and, up to a position, those that have expired. */
  compact(expired: number): void {
    const first = this.firstFrom(expired + 1)
    if (first > 0) {
      this.numbers.splice(0, first * NUMBERS)
      this.values.splice(0, first)
    }
    for (let at = this.size - 1; at >= 0; at--) this.forgetIfGone(at)
  }
}
