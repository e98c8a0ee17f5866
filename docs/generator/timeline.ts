import type { Windowed } from 'millrace'
import type { Example } from './example.js'
import { isRecord, isWindowed, type Moment, type Written } from './execution.js'
import { isEndOfTime, millisOf, valueText, windowText } from './text.js'
import { TimeAxis } from './time-axis.js'

/** A row of a timeline. */
interface Line {
  readonly label: string
  readonly drawing: string
}

/**
 * Draws event time from left to right. Inputs stand at their timestamps, outputs at the stream time at which they come
 * out; both are the number of the input. Windows are drawn from start to end, with what came out of them.
 */
export function timeline(example: Example, moments: readonly Moment[]): string {
  const axis = new TimeAxis(endOf(example, moments))
  const [times, ticks] = axis.lines()
  const lines: Line[] = [
    { label: 'event time', drawing: times },
    { label: '', drawing: ticks },
    ...inputLines(axis, moments),
    ...watermarkLine(axis, moments),
    ...outputLines(axis, moments),
    ...windowLines(axis, example, moments),
  ]
  const width = Math.max(...lines.map(({ label }) => label.length))
  return lines.map(({ label, drawing }) => `${label.padEnd(width)}  ${drawing}`.trimEnd()).join('\n')
}

function endOf({ outputs }: Example, moments: readonly Moment[]): number {
  const times = moments.flatMap(({ streamTime, written }) => [
    streamTime,
    ...written.map(({ topic, key }) =>
      isWindowed(key) ? key.window.end + millisOf(outputs[topic]?.openFor ?? 0) : 0,
    ),
  ])
  return Math.max(1, ...times.filter((time) => time < Number.MAX_SAFE_INTEGER))
}

/** Rows of marks by label, in the order in which their labels come first. */
class Marks {
  private readonly rows = new Map<string, string[]>()

  constructor(private readonly axis: TimeAxis) {}

  /** Puts a mark at a time, or as near behind it as there is room. */
  add(label: string, time: number, mark: string): void {
    const row = this.rows.get(label) ?? Array<string>(this.axis.width).fill(' ')
    this.rows.set(label, row)
    let column = this.axis.column(time)
    for (; (row[column] ?? ' ') !== ' '; column += mark.length) if (row[column] === mark) return
    row.splice(column, mark.length, ...mark)
  }

  get lines(): readonly Line[] {
    return [...this.rows].map(([label, row]) => ({ label, drawing: row.join('') }))
  }
}

function inputLines(axis: TimeAxis, moments: readonly Moment[]): readonly Line[] {
  const marks = new Marks(axis)
  for (const { step, number } of moments) {
    if (!isRecord(step)) continue
    const [topic, key, , at] = step
    const time = millisOf(at)
    if (time >= 0) marks.add(`${topic} ${valueText(key)}`, time, String(number))
  }
  return marks.lines
}

/** Where the watermark is, by the records that have brought it there. */
function watermarkLine(axis: TimeAxis, moments: readonly Moment[]): readonly Line[] {
  const marks = new Marks(axis)
  let before: number | undefined
  for (const { watermark, number } of moments) {
    if (watermark === undefined || watermark === before || isEndOfTime(watermark)) continue
    marks.add('watermark', watermark, String(number ?? '*'))
    before = watermark
  }
  return marks.lines
}

function outputLines(axis: TimeAxis, moments: readonly Moment[]): readonly Line[] {
  const marks = new Marks(axis)
  for (const { written, streamTime, number } of moments) {
    for (const { topic, key } of written) {
      if (!isWindowed(key)) marks.add(`-> ${topic} ${valueText(key)}`, streamTime, String(number ?? '*'))
    }
  }
  return marks.lines
}

/** What came out of a window. */
interface DrawnWindow {
  readonly key: Windowed<unknown>
  readonly endIncluded: boolean
  readonly openFor: number
  readonly results: string[]
}

function windowLines(axis: TimeAxis, example: Example, moments: readonly Moment[]): readonly Line[] {
  const windows = new Map<string, DrawnWindow>()
  for (const { written, number, step } of moments) {
    const cause = number ?? (typeof step === 'string' ? step : 'clock')
    for (const record of written) {
      if (isWindowed(record.key)) noteResult(windows, example, record, record.key, cause)
    }
  }
  return [...windows.values()].sort(byKeyAndTime).map((drawn) => windowLine(axis, drawn))
}

function noteResult(
  windows: Map<string, DrawnWindow>,
  { outputs }: Example,
  { topic, value }: Written,
  key: Windowed<unknown>,
  cause: number | 'clock' | 'drain' | 'answers',
): void {
  const { endIncluded = false, openFor = 0 } = outputs[topic]!
  const id = `${topic} ${JSON.stringify(key)}`
  const drawn = windows.get(id) ?? { key, endIncluded, openFor: millisOf(openFor), results: [] }
  windows.set(id, drawn)
  drawn.results.push(`${valueText(value)} (#${cause})`)
}

const byKeyAndTime = (left: DrawnWindow, right: DrawnWindow): number =>
  valueText(left.key.key).localeCompare(valueText(right.key.key)) ||
  left.key.window.start - right.key.window.start ||
  left.key.window.end - right.key.window.end

function windowLine(axis: TimeAxis, { key, endIncluded, openFor, results }: DrawnWindow): Line {
  const { start, end } = key.window
  const [from, to] = [axis.column(start), axis.column(end)]
  const endless = end === Number.MAX_SAFE_INTEGER
  const close = endless ? '>' : endIncluded ? ']' : ')'
  const bar = from === to ? '|' : `[${'='.repeat(to - from - 1)}${close}`
  const open = endless ? '' : '.'.repeat(axis.column(end + openFor) - to)
  const drawing = (' '.repeat(from) + bar + open).padEnd(axis.width)
  return {
    label: `${valueText(key.key)} ${windowText(key, endIncluded)}`,
    drawing: `${drawing}  ${results.join(', ')}`,
  }
}
