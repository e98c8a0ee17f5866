import type { Duration, Windowed } from 'millrace'

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
] as const

/** Milliseconds of a duration; also of a negative number, which is a timestamp that no record should have. */
export function millisOf(duration: Duration): number {
  if (typeof duration === 'number') return duration
  const [, count, unit] = /^([\d.]+)([a-z]+)$/.exec(duration)!
  return Math.round(Number(count) * UNITS.find(([name]) => name === unit)![1])
}

/** A time since the epoch, in the largest unit that it is a whole number of, or in seconds. */
export function timeText(millis: number): string {
  if (millis === 0) return '0s'
  const [unit, size] = UNITS.find(([, size]) => millis % size === 0)!
  return unit === 'ms' && millis > 1_000 ? `${millis / 1_000}s` : `${millis / size}${unit}`
}

/** The last watermark is the end of time. */
export function watermarkText(watermark: number | undefined): string {
  if (watermark === undefined) return '-'
  return isEndOfTime(watermark) ? 'end' : timeText(watermark)
}

/** The last date that JavaScript knows: where a watermark is when nothing comes any more, less a millisecond. */
const LAST_DATE = 8_640_000_000_000_000

export const isEndOfTime = (watermark: number): boolean => watermark + 1 >= LAST_DATE

const isEndless = (end: number): boolean => end === Number.MAX_SAFE_INTEGER

/** `[0s, 10s)`, or `[3s, 9s]` where the end belongs to the window. */
export function windowText({ window }: Windowed<unknown>, endIncluded: boolean): string {
  const end = isEndless(window.end) ? '...' : timeText(window.end)
  return `[${timeText(window.start)}, ${end}${endIncluded ? ']' : ')'}`
}

/** A value as it would be written in TypeScript, but without quotes where it is a text by itself. */
export function valueText(value: unknown): string {
  if (typeof value === 'string') return value
  return innerText(value)
}

function innerText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(innerText).join(', ')}]`
  if (typeof value === 'object' && value !== null) {
    const fields = Object.entries(value).map(([name, field]) => `${name}: ${innerText(field)}`)
    return fields.length === 0 ? '{}' : `{ ${fields.join(', ')} }`
  }
  return typeof value === 'string' ? `'${value}'` : String(value)
}
