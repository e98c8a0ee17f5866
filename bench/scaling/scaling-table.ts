import type { ScalingResult } from './scaling-bench.js'

const BEGIN = '<!-- measured by npm run bench -- scaling -->'
const END = '<!-- end -->'

const HEAD = [
  '| keys | value bytes | partitions | headers | records | records/s | MB/s | CPU s per million | peak RSS MB | loop delay p99 ms |',
  '|---|---|---|---|---|---|---|---|---|---|',
]

const whole = (value: number): string => Math.round(value).toLocaleString('en-US')

/** The results as a Markdown table; MB/s are of values. */
export const scalingTable = (results: readonly ScalingResult[]): string =>
  [...HEAD, ...results.map(row)].join('\n')

function row(result: ScalingResult): string {
  const { shape, records, recordsPerSecond, cpuSecondsPerMillion, maxRssMb, loopDelayP99Ms } = result
  const { keys, valueBytes, partitions, headers } = shape
  const cells = [
    ...[keys, valueBytes, partitions, headers, records, recordsPerSecond].map(whole),
    ((recordsPerSecond * valueBytes) / 1e6).toFixed(0),
    cpuSecondsPerMillion.toFixed(2),
    whole(maxRssMb),
    whole(loopDelayP99Ms),
  ]
  return `| ${cells.join(' | ')} |`
}

const PLOT = '![Records per second by keys, size of values, partitions and headers](scaling.svg)'

/** A document whose plot and table are replaced; what is written around them stays. */
export function withTable(document: string, table: string): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)]
  if (begin < 0 || end < begin)
    throw new Error(`the document has no place for the table: ${BEGIN} ... ${END}`)
  return `${document.slice(0, begin + BEGIN.length)}\n\n${PLOT}\n\n${table}\n\n${document.slice(end)}`
}
