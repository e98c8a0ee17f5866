import type { ResultRow } from '../../observe/dashboard/results/result-table.js'
import type { ResultsDescription } from '../../observe/dashboard/results/results-description.js'
import type { ProgressDisplay, ProgressSnapshot, RunSummary } from './progress-snapshot.js'

/** A line of JSON a snapshot on standard output, and what there is to say on standard error. */
export class JsonProgress implements ProgressDisplay {
  constructor(private readonly results: ResultsDescription) {}

  show({ rows, lag, published, ...figures }: ProgressSnapshot): void {
    this.write({
      event: 'progress',
      ...figures,
      lag: lag ?? null,
      ...(published === undefined ? {} : { published }),
      rows: rows.map((row) => this.named(row)),
    })
  }

  say(text: string): void {
    process.stderr.write(`${text}\n`)
  }

  finish(summary: RunSummary): void {
    this.write({ event: 'summary', ...summary })
  }

  private named({ name, figures }: ResultRow): Record<string, unknown> {
    const { row, columns } = this.results
    return {
      [row]: name,
      ...Object.fromEntries(columns.map(({ field }, index) => [field, figures[index]])),
    }
  }

  private write(value: object): void {
    process.stdout.write(`${JSON.stringify(value)}\n`)
  }
}
