import type { ResultColumn, ResultFields, ResultsDescription } from './results-description.js'

export interface ResultRow {
  readonly name: string
  /** A figure per column. */
  readonly figures: readonly number[]
}

const HOUR_MS = 3_600_000
const KEPT_HOURS = 96

const numberOf = (value: ResultFields, field: string): number => {
  const number = value[field]
  return typeof number === 'number' ? number : 0
}

const combined = (column: ResultColumn, values: readonly ResultFields[]): number => {
  const { field, combine, weight } = column
  if (combine === 'max') return Math.max(...values.map((value) => numberOf(value, field)))
  if (combine === 'sum') return values.reduce((sum, value) => sum + numberOf(value, field), 0)
  let total = 0
  let weights = 0
  for (const value of values) {
    const share = weight === undefined ? 1 : numberOf(value, weight)
    total += share * numberOf(value, field)
    weights += share
  }
  return weights === 0 ? 0 : total / weights
}

/** Windows of a row, by their start; those kept longer than they are shown included: a late record may still update them. */
export class RowWindows {
  private readonly values = new Map<number, ResultFields>()
  private latest = Number.NEGATIVE_INFINITY

  constructor(private readonly keptMs: number) {}

  /** Start of the newest; before the first one minus infinity. */
  get newest(): number {
    return this.latest
  }

  /** Those that are kept, by their start. */
  get all(): ReadonlyMap<number, ResultFields> {
    return this.values
  }

  /** True: the window is new. */
  set(start: number, value: ResultFields): boolean {
    const isNew = !this.values.has(start)
    this.values.set(start, value)
    if (start > this.latest) {
      this.latest = start
      this.drop(start - this.keptMs)
    }
    return isNew
  }

  last(hours: number): ResultFields[] {
    const from = this.latest - (hours - 1) * HOUR_MS
    // In one order, whatever order they came in: sums of fractions depend on it.
    return [...this.values]
      .filter(([start]) => start >= from)
      .sort(([left], [right]) => left - right)
      .map(([, value]) => value)
  }

  private drop(before: number): void {
    for (const start of this.values.keys()) if (start < before) this.values.delete(start)
  }
}

/** The latest result of each row and window, kept for each row's newest windows, and what the rows come to. */
export class ResultTable {
  private readonly rows = new Map<string, RowWindows>()
  private newWindows = 0
  private readonly keptMs: number

  constructor(private readonly description: ResultsDescription) {
    this.keptMs = Math.max(KEPT_HOURS, description.lastHours ?? 0) * HOUR_MS
  }

  /** How many windows have had their first result. */
  get windows(): number {
    return this.newWindows
  }

  /**
   * Takes a result; it replaces the one before it of the same row and window.
   *
   * @param isNews false for results of earlier runs: their windows are not counted
   */
  take(value: ResultFields, isNews: boolean): void {
    const { row, windowStart } = this.description
    const name = String(value[row])
    let windows = this.rows.get(name)
    if (windows === undefined) {
      windows = new RowWindows(this.keptMs)
      this.rows.set(name, windows)
    }
    if (windows.set(windowStart === undefined ? 0 : numberOf(value, windowStart), value) && isNews)
      this.newWindows++
  }

  /** The windows of each row. */
  get byRow(): ReadonlyMap<string, RowWindows> {
    return this.rows
  }

  /** The greatest rows by the first column, equal ones by name, each over its own last hours: partitions may have got differently far. */
  top(count: number): ResultRow[] {
    const { columns, lastHours = KEPT_HOURS } = this.description
    const rows = [...this.rows].map(([name, windows]) => {
      const values = windows.last(lastHours)
      return { name, figures: columns.map((column) => combined(column, values)) }
    })
    return rows.sort(inOrder).slice(0, count)
  }
}

const inOrder = (left: ResultRow, right: ResultRow): number =>
  right.figures[0]! - left.figures[0]! || (left.name < right.name ? -1 : 1)
