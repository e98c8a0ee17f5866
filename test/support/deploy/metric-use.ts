import { plain, rowsOf } from '../document-table.js'
import { readText } from './deploy-files.js'

/** A metric as docs/metrics.md has it. */
interface DocumentedMetric {
  readonly type: string
  readonly labels: readonly string[]
}

const HISTOGRAM_PART = /_(bucket|sum|count)$/

/** What a scrape and the application itself put to every series. */
const LABELS_OF_ALL = ['job', 'instance', 'application']

let documented: ReadonlyMap<string, DocumentedMetric> | undefined

const documentedMetrics = (): ReadonlyMap<string, DocumentedMetric> => {
  documented ??= new Map(
    rowsOf(readText('docs/metrics.md')).map((cells) => [
      plain(cells[0]!),
      { type: cells[1]!, labels: cells[2] === '' ? [] : cells[2]!.split(', ') },
    ]),
  )
  return documented
}

/** The labels that a series has, `le` of a bucket too; throws where docs/metrics.md does not know its name. */
export function labelsOf(series: string): readonly string[] {
  const part = HISTOGRAM_PART.exec(series)?.[1]
  const whole = documentedMetrics().get(series)
  if (whole !== undefined && whole.type !== 'histogram') return [...LABELS_OF_ALL, ...whole.labels]
  const histogram = documentedMetrics().get(series.replace(HISTOGRAM_PART, ''))
  if (part === undefined || histogram?.type !== 'histogram') {
    throw new Error(`docs/metrics.md knows no series '${series}'`)
  }
  return [...LABELS_OF_ALL, ...histogram.labels, ...(part === 'bucket' ? ['le'] : [])]
}

/** The names of our series in an expression. */
export const seriesIn = (expression: string): readonly string[] => expression.match(/\bmillrace_\w+/g) ?? []

const GROUPING = /\b(?:by|on) ?\(([^)]*)\)/g
const MATCHER = /([a-z]+)(?:=~|!~|!=|=)"/g

/** Labels that an expression groups by or selects, so that all of its series should have them. */
export const labelsIn = (expression: string): ReadonlySet<string> =>
  new Set([
    ...[...expression.matchAll(GROUPING)].flatMap(([, names]) =>
      names!.split(',').map((name) => name.trim()),
    ),
    ...[...expression.matchAll(MATCHER)].map(([, name]) => name!),
  ])
