import type { RunMeasurement } from './measured-run.js'
import { median } from './median.js'
import type { Guarantee, Workload } from './workloads.js'

/** One contender's figures: the median of each over its runs. */
export interface Figures {
  readonly recordsPerSecond: number
  readonly steadyRecordsPerSecond: number
  readonly cpuSecondsPerMillion: number
  readonly brokerCpuSecondsPerMillion: number
  readonly maxRssMb: number
  readonly outputRecords: number
  /** Null where a run has no two commits. */
  readonly commitIntervalP50Ms: number | null
  /** Null for Kafka Streams. */
  readonly loopDelayP99Ms: number | null
}

/** A workload's runs, summed up. */
export interface WorkloadReport {
  readonly workload: Workload
  readonly guarantee: Guarantee
  readonly records: number
  readonly runs: number
  readonly resultsEqual: boolean
  readonly millrace: Figures
  /** By configuration. */
  readonly kafkaStreams: ReadonlyMap<string, Figures>
}

export interface Run extends RunMeasurement {
  readonly outputRecords: number
}

export function figuresOf(runs: readonly Run[]): Figures {
  const middle = (figure: (run: Run) => number): number => median(runs.map(figure))
  const middleOfKnown = (figure: (run: Run) => number | null): number | null => {
    const known = runs.map(figure).filter((value) => value !== null)
    return known.length === 0 ? null : median(known)
  }
  return {
    recordsPerSecond: middle((run) => run.recordsPerSecond),
    steadyRecordsPerSecond: middle((run) => run.steadyRecordsPerSecond),
    cpuSecondsPerMillion: middle((run) => run.cpuSecondsPerMillion),
    brokerCpuSecondsPerMillion: middle((run) => run.brokerCpuSecondsPerMillion),
    maxRssMb: middle((run) => run.maxRssMb),
    outputRecords: middle((run) => run.outputRecords),
    commitIntervalP50Ms: middleOfKnown((run) => run.commitIntervalP50Ms),
    loopDelayP99Ms: middleOfKnown((run) => run.loopDelayP99Ms),
  }
}

/** Of Kafka Streams' configurations, the one with more records/s over the whole run. */
export function better(report: WorkloadReport): Figures {
  return [...report.kafkaStreams.values()].reduce((best, each) =>
    each.recordsPerSecond > best.recordsPerSecond ? each : best,
  )
}

/** The figures as `--json` writes them. */
export function jsonReport(versions: Readonly<Record<string, string>>, reports: readonly WorkloadReport[]) {
  return {
    versions,
    workloads: reports.map((report) => ({
      workload: report.workload,
      guarantee: report.guarantee,
      records: report.records,
      runs: report.runs,
      resultsEqual: report.resultsEqual,
      millrace: {
        ...jsonFigures(report.millrace),
        loopDelayP99Ms: rounded(report.millrace.loopDelayP99Ms!, 1),
      },
      'kafka-streams': jsonFigures(better(report)),
    })),
  }
}

function jsonFigures(figures: Figures) {
  return {
    recordsPerSecond: Math.round(figures.recordsPerSecond),
    steadyRecordsPerSecond: Math.round(figures.steadyRecordsPerSecond),
    cpuSecondsPerMillion: rounded(figures.cpuSecondsPerMillion, 3),
    maxRssMb: rounded(figures.maxRssMb, 1),
    outputRecords: figures.outputRecords,
    commitIntervalP50Ms: figures.commitIntervalP50Ms,
  }
}

const rounded = (value: number, digits: number): number => Number(value.toFixed(digits))

const COLUMNS: readonly (readonly [string, (figures: Figures) => string])[] = [
  ['records/s', (figures) => whole(figures.recordsPerSecond)],
  ['second half', (figures) => whole(figures.steadyRecordsPerSecond)],
  ['CPU s/M', (figures) => figures.cpuSecondsPerMillion.toFixed(2)],
  ['broker CPU s/M', (figures) => figures.brokerCpuSecondsPerMillion.toFixed(2)],
  ['peak RSS MB', (figures) => whole(figures.maxRssMb)],
  ['output records', (figures) => whole(figures.outputRecords)],
  ['commit p50 ms', ({ commitIntervalP50Ms }) => wholeIfKnown(commitIntervalP50Ms)],
  ['loop delay p99 ms', ({ loopDelayP99Ms }) => wholeIfKnown(loopDelayP99Ms)],
]

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')

const wholeIfKnown = (value: number | null): string => (value === null ? '-' : whole(value))

/** A workload's figures for people: a row a contender, and the ratios to the better Kafka Streams. */
export function table(report: WorkloadReport): string {
  const rows = [
    ['', ...COLUMNS.map(([title]) => title)],
    row('millrace', report.millrace),
    ...[...report.kafkaStreams].map(([name, figures]) => row(name, figures)),
    ratios(report.millrace, better(report)),
  ]
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((cells) => cells[column]!.length)))
  const lines = rows.map((cells) =>
    cells.map((cell, column) => pad(cell, widths[column]!, column)).join('  '),
  )
  return [heading(report), ...lines].join('\n')
}

function heading({ workload, guarantee, records, runs, resultsEqual }: WorkloadReport): string {
  const equality = resultsEqual ? 'results equal' : 'RESULTS DIFFER'
  return `${workload}, ${guarantee}, ${whole(records)} records, medians of ${runs}: ${equality}`
}

const row = (name: string, figures: Figures): string[] => [
  name,
  ...COLUMNS.map(([, format]) => format(figures)),
]

const ratios = (ours: Figures, theirs: Figures): string[] => [
  'millrace / better of kafka-streams',
  `${(ours.recordsPerSecond / theirs.recordsPerSecond).toFixed(2)} x`,
  `${(ours.steadyRecordsPerSecond / theirs.steadyRecordsPerSecond).toFixed(2)} x`,
  `${(ours.cpuSecondsPerMillion / theirs.cpuSecondsPerMillion).toFixed(2)} x`,
  `${(ours.brokerCpuSecondsPerMillion / theirs.brokerCpuSecondsPerMillion).toFixed(2)} x`,
  `${(ours.maxRssMb / theirs.maxRssMb).toFixed(2)} x`,
  `${(ours.outputRecords / theirs.outputRecords).toFixed(2)} x`,
  '',
  '',
]

const pad = (cell: string, width: number, column: number): string =>
  column === 0 ? cell.padEnd(width) : cell.padStart(width)
