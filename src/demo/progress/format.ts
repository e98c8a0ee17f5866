import type { ResultRow } from '../../observe/dashboard/results/result-table.js'
import type { ResultsDescription } from '../../observe/dashboard/results/results-description.js'
import type { RestoredStore } from '../../runtime/restored-store.js'
import type { ProgressSnapshot, RunSummary } from './progress-snapshot.js'

const grouped = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const tenths = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })

/** Event time as people read it, in UTC. */
const eventTime = (timestamp: number): string =>
  timestamp < 0 ? '-' : new Date(timestamp).toISOString().slice(0, 16).replace('T', ' ')

/** One line of figures. */
export const figuresLine = (snapshot: ProgressSnapshot): string =>
  [
    snapshot.state,
    `${grouped.format(snapshot.recordsPerSecond)} records/s`,
    `lag ${snapshot.lag === undefined ? '-' : grouped.format(snapshot.lag)}`,
    `stream time ${eventTime(snapshot.streamTime)}`,
    `windows ${grouped.format(snapshot.windows)}`,
    `commits ${grouped.format(snapshot.commits)}`,
    ...(snapshot.published === undefined ? [] : [`published ${grouped.format(snapshot.published)}`]),
  ].join('  ')

/** The rows in one line: name and first figure. */
export const rowsLine = (rows: readonly ResultRow[]): string =>
  rows.map(({ name, figures }) => `${name} ${tenths.format(figures[0]!)}`).join(', ')

/** The rows as a table, with its title. */
export const rowsTable = (rows: readonly ResultRow[], results: ResultsDescription): string[] => {
  const { title, lastHours } = results
  const titles = results.columns.map((column) => column.title)
  const cells = rows.map(({ figures }) => figures.map((figure) => tenths.format(figure)))
  const widths = titles.map((title, index) =>
    Math.max(title.length, ...cells.map((row) => row[index]!.length)),
  )
  const first = Math.max(4, ...rows.map(({ name }) => name.length))
  const line = (name: string, figures: readonly string[]): string =>
    `  ${name.padEnd(first)}${figures.map((figure, index) => `  ${figure.padStart(widths[index]!)}`).join('')}`
  return [
    lastHours === undefined ? title : `${title}, last ${lastHours} hours of event time`,
    line('', titles),
    ...rows.map(({ name }, index) => line(name, cells[index]!)),
  ]
}

/** What a run came to, in a sentence. */
export const summaryLine = (summary: RunSummary): string => {
  const rate = summary.seconds > 0 ? summary.recordsProcessed / summary.seconds : 0
  return [
    `${grouped.format(summary.recordsProcessed)} records processed in ${tenths.format(summary.seconds)} s`,
    `(${grouped.format(rate)} records/s),`,
    `${grouped.format(summary.outputRecords)} results, ${grouped.format(summary.windows)} new windows,`,
    `${grouped.format(summary.commits)} commits;`,
    summary.complete ? 'all input is processed and committed' : 'stopped before the end of the input',
  ].join(' ')
}

/** What was restored before all tasks ran. */
export const restoreLine = (stores: readonly RestoredStore[]): string => {
  const records = stores.reduce((sum, store) => sum + store.records, 0)
  const slowest = Math.max(...stores.map(({ durationMs }) => durationMs))
  const whole = stores.filter(({ wiped }) => wiped !== undefined)
  const reasons = [...new Set(whole.map(({ wiped }) => wiped))].join(', ')
  return [
    `Restored ${grouped.format(records)} records from ${grouped.format(stores.length)} changelog partitions`,
    `in ${tenths.format(slowest / 1000)} s:`,
    whole.length === 0
      ? 'what came after the last local commit'
      : `${grouped.format(whole.length)} of them from the beginning (${reasons})`,
  ].join(' ')
}
