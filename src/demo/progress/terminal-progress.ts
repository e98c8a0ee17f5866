import type { WriteStream } from 'node:tty'
import type { ResultsDescription } from '../../observe/dashboard/results/results-description.js'
import { figuresLine, rowsTable, summaryLine } from './format.js'
import type { ProgressDisplay, ProgressSnapshot, RunSummary } from './progress-snapshot.js'

const CLEAR_TO_END = '\u001b[0J'

/** Figures and table, refreshed in place. */
export class TerminalProgress implements ProgressDisplay {
  private drawn: readonly string[] = []

  constructor(
    private readonly terminal: WriteStream,
    private readonly results: ResultsDescription,
  ) {}

  show(snapshot: ProgressSnapshot): void {
    const table = snapshot.rows.length === 0 ? [] : ['', ...rowsTable(snapshot.rows, this.results)]
    this.draw([figuresLine(snapshot), ...table])
  }

  say(text: string): void {
    const { drawn } = this
    this.draw([])
    this.terminal.write(`${text}\n`)
    this.draw(drawn)
  }

  finish(summary: RunSummary): void {
    this.terminal.write(`\n${summaryLine(summary)}\n`)
    this.drawn = []
  }

  /** Replaces what is drawn. Lines are cut to the terminal, so that each takes one row of it. */
  private draw(lines: readonly string[]): void {
    const { columns, rows } = this.terminal
    const shown = lines.slice(0, Math.max(1, rows - 1)).map((line) => line.slice(0, columns - 1))
    const up = this.drawn.length === 0 ? '' : `\u001b[${this.drawn.length}F`
    this.terminal.write(`${up}${CLEAR_TO_END}${shown.map((line) => `${line}\n`).join('')}`)
    this.drawn = shown
  }
}
