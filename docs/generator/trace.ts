import type { Example } from './example.js'
import { isRecord, isWindowed, type Moment, type Written } from './execution.js'
import { millisOf, timeText, valueText, watermarkText, windowText } from './text.js'

/** Width of the word before what is no record. */
const MARK = 9

/** What went in and what came out of it, step by step, as a table of text; and the watermark behind it, if there is one. */
export function trace(example: Example, moments: readonly Moment[]): string {
  const head: Row = ['#', 'in', 'watermark', 'out']
  const rows = [head, ...moments.flatMap((moment) => rowsOf(example, moment))]
  const width = (column: 0 | 1 | 2): number => Math.max(...rows.map((row) => row[column].length))
  const timed = moments.some(({ watermark }) => watermark !== undefined)
  return rows
    .map(([number, input, watermark, output]) => {
      const before = `${number.padStart(width(0))}  ${input.padEnd(width(1))}`
      return [before, ...(timed ? [watermark.padEnd(width(2))] : []), output].join('  ').trimEnd()
    })
    .join('\n')
}

type Row = readonly [number: string, input: string, watermark: string, output: string]

function rowsOf(example: Example, moment: Moment): Row[] {
  const outputs = [
    ...moment.lines.map((line) => 'says'.padEnd(MARK) + line),
    ...moment.written.map((record) => writtenText(example, record)),
    ...moment.drops.map((drop) => 'dropped'.padEnd(MARK) + drop),
    ...failureLines(moment),
  ]
  const [first = '-', ...rest] = outputs
  return [
    [String(moment.number ?? ''), stepText(moment), watermarkText(moment.watermark), first],
    ...rest.map((output): Row => ['', '', '', output]),
  ]
}

/** A message is longer than a line of a page. */
function failureLines({ failure }: Moment): string[] {
  if (failure === undefined) return []
  const lines = failure.match(/.{1,80}(?: |$)/g)!.map((line) => line.trimEnd())
  return lines.map((line, index) => (index === 0 ? 'fails'.padEnd(MARK) : ' '.repeat(MARK)) + line)
}

function stepText({ step }: Moment): string {
  if (step === 'drain' || step === 'answers') return step
  if (!isRecord(step)) return `wall clock + ${timeText(millisOf(step.wallClock))}`
  const [topic, key, value, at, headers = {}] = step
  const record = `${topic}  ${valueText(key)}: ${valueText(value)}  @${timeText(millisOf(at))}`
  return record + headerText(Object.entries(headers))
}

function writtenText({ outputs }: Example, { topic, key, value, timestamp, headers }: Written): string {
  const endIncluded = outputs[topic]?.endIncluded ?? false
  const keyText = isWindowed(key) ? `${valueText(key.key)} ${windowText(key, endIncluded)}` : valueText(key)
  const texts = headers.map((header): [string, string] => [header.key, String(header.value)])
  return `${topic}  ${keyText}: ${valueText(value)}  @${timeText(timestamp)}${headerText(texts)}`
}

const headerText = (headers: readonly (readonly [name: string, value: string])[]): string =>
  headers.map(([name, value]) => `  ${name}=${value}`).join('')
