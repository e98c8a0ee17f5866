import type { ResultsDescription } from '../../observe/dashboard/results/results-description.js'
import { JsonProgress } from './json-progress.js'
import { LineProgress } from './line-progress.js'
import type { ProgressDisplay } from './progress-snapshot.js'
import { TerminalProgress } from './terminal-progress.js'

/** JSON lines where asked for; else in place on a terminal, and plain lines elsewhere. */
export const openDisplay = (kind: 'text' | 'json', results: ResultsDescription): ProgressDisplay => {
  if (kind === 'json') return new JsonProgress(results)
  return process.stdout.isTTY ? new TerminalProgress(process.stdout, results) : new LineProgress()
}
