import { figuresLine, rowsLine, summaryLine } from './format.js'
import type { ProgressDisplay, ProgressSnapshot, RunSummary } from './progress-snapshot.js'

const ROWS = 5

/** A plain line a snapshot, for output that is not a terminal. */
export class LineProgress implements ProgressDisplay {
  show(snapshot: ProgressSnapshot): void {
    const rows = snapshot.rows.length === 0 ? '' : `  | ${rowsLine(snapshot.rows.slice(0, ROWS))}`
    this.say(`${figuresLine(snapshot)}${rows}`)
  }

  say(text: string): void {
    process.stdout.write(`${text}\n`)
  }

  finish(summary: RunSummary): void {
    this.say(summaryLine(summary))
  }
}
