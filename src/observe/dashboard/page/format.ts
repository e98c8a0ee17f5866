const whole = new Intl.NumberFormat('en-US', { maximumFractionDigits: 0 })
const tenths = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })
const means = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const compact = new Intl.NumberFormat('en-US', { notation: 'compact', maximumSignificantDigits: 3 })

/** What is shown of what is not known. */
export const UNKNOWN = '–'

const known =
  (format: (value: number) => string) =>
  (value: number | null): string =>
    value === null ? UNKNOWN : format(value)

export const count = known((value) => whole.format(value))
export const figure = known((value) => tenths.format(value))
/** Tenths always, so that figures are below each other. */
export const mean = (value: number): string => means.format(value)
/** With three digits: `33.1K`. */
export const brief = known((value) => compact.format(value))

/** Event time in UTC, to the minute. */
export const eventTime = known((timestamp) =>
  new Date(timestamp).toISOString().slice(0, 16).replace('T', ' '),
)

export const hour = (timestamp: number): string => new Date(timestamp).toISOString().slice(11, 16)

const UNITS: readonly (readonly [ms: number, one: string, many: string])[] = [
  [86_400_000, 'day', 'days'],
  [3_600_000, 'hour', 'hours'],
  [60_000, 'minute', 'minutes'],
  [1_000, 'second', 'seconds'],
]

/** A span of time in its greatest unit: `6.2 hours`. */
export function span(ms: number): string {
  const [unit, one, many] = UNITS.find(([size]) => ms >= size) ?? UNITS.at(-1)!
  const shown = tenths.format(ms / unit)
  return `${shown} ${shown === '1' ? one : many}`
}
