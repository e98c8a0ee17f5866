import type { ResultRow, ResultTable } from './result-table.js'
import type { ResultsDescription } from './results-description.js'

/** What a column came to in one span of event time, over all rows and of some. */
export interface SeriesStep {
  /** When it begins, epoch milliseconds. */
  readonly start: number
  readonly total: number
  /** Of the rows that are told apart, in their order. */
  readonly parts: readonly number[]
}

/** A column over event time, and the rows that are told apart. */
export interface ShownSeries {
  readonly names: readonly string[]
  readonly steps: readonly SeriesStep[]
}

/** What there is to show of results. */
export interface ShownResults {
  /** The greatest, in their order. */
  readonly rows: readonly ResultRow[]
  /** Absent where the first column cannot be added up over event time. */
  readonly series?: ShownSeries
}

const HOUR_MS = 3_600_000
const STEPS = 24

/** How long a step is, milliseconds: of a day an hour. */
export const stepOf = (lastHours: number): number => (lastHours * HOUR_MS) / STEPS

/** Whether the first column can be added up over spans of event time. */
export const hasSeries = ({ windowStart, lastHours, columns }: ResultsDescription): boolean =>
  windowStart !== undefined && lastHours !== undefined && columns[0]?.combine === 'sum'

/**
 * The first column of results over event time: as many hours as are shown, up to where all rows that are told apart have
 * come, since partitions may have got differently far.
 *
 * @param names the rows to be told apart
 */
export function windowSeries(
  table: ResultTable,
  { lastHours, columns }: ResultsDescription,
  names: readonly string[],
): readonly SeriesStep[] {
  const newest = names.flatMap((name) => table.byRow.get(name)?.newest ?? [])
  if (newest.length === 0) return []
  const stepMs = stepOf(lastHours!)
  const first = Math.floor(Math.min(...newest) / stepMs) - STEPS + 1
  const { field } = columns[0]!
  const steps = Array.from({ length: STEPS }, (_, at) => ({
    start: (first + at) * stepMs,
    total: 0,
    parts: names.map(() => 0),
  }))
  for (const [name, windows] of table.byRow) {
    const part = names.indexOf(name)
    for (const [start, fields] of windows.all) {
      const step = steps[Math.floor(start / stepMs) - first]
      if (step === undefined) continue
      const value = Number(fields[field])
      step.total += value
      if (part >= 0) step.parts[part]! += value
    }
  }
  return steps
}

const ROWS = 10

/**
 * What is shown of a table.
 *
 * @param told the rows that are told apart, of the greatest ones
 */
export function shownResults(
  table: ResultTable,
  description: ResultsDescription,
  told: (rows: readonly ResultRow[]) => readonly string[],
): ShownResults {
  const rows = table.top(ROWS)
  if (!hasSeries(description)) return { rows }
  const names = told(rows)
  return { rows, series: { names, steps: windowSeries(table, description, names) } }
}
