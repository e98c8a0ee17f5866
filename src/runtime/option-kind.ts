import { type Duration, parseDuration } from '../time/duration.js'
import { ConfigError } from './streams-error.js'

/** What an option takes: which values are allowed, and how they are written as text. */
export interface OptionKind<T> {
  /** The values that are allowed, for people. */
  readonly allowed: string
  /** What a text stands for; not checked. */
  parse(text: string): unknown
  /** @throws {ConfigError} naming the option and the values allowed; {@link InvalidDurationError} */
  check(option: string, value: unknown): T
}

const shown = (value: unknown): string => (typeof value === 'string' ? `'${value}'` : String(value))

const refusal = (option: string, value: unknown, allowed: string): ConfigError =>
  new ConfigError(option, `${shown(value)} is not allowed: ${allowed}`)

const unchanged = (text: string): unknown => text

/** A text that a pattern matches. */
export const text = (allowed: string, pattern = /^[\s\S]+$/): OptionKind<string> => ({
  allowed,
  parse: unchanged,
  check(option, value) {
    if (typeof value === 'string' && pattern.test(value)) return value
    throw refusal(option, value, allowed)
  },
})

/** One of several words. */
export function oneOf<const W extends string>(...words: readonly W[]): OptionKind<W> {
  const allowed = words.join(' or ')
  return {
    allowed,
    parse: unchanged,
    check(option, value) {
      const found = words.find((word) => word === value)
      if (found !== undefined) return found
      throw refusal(option, value, allowed)
    },
  }
}

/** A number of things. */
export function wholeNumber(min: number, max = Number.MAX_SAFE_INTEGER): OptionKind<number> {
  const range = max === Number.MAX_SAFE_INTEGER ? `at least ${min}` : `from ${min} to ${max}`
  const allowed = `a whole number, ${range}`
  return {
    allowed,
    parse: (written) => (/^-?\d+$/.test(written) ? Number(written) : written),
    check(option, value) {
      if (typeof value === 'number' && Number.isSafeInteger(value) && value >= min && value <= max)
        return value
      throw refusal(option, value, allowed)
    },
  }
}

const YES_OR_NO = 'true or false'

/** Yes or no. */
export const yesOrNo: OptionKind<boolean> = {
  allowed: YES_OR_NO,
  parse: (written) => (written === 'true' || written === 'false' ? written === 'true' : written),
  check(option, value) {
    if (typeof value === 'boolean') return value
    throw refusal(option, value, YES_OR_NO)
  },
}

/** A time span; what it comes to in milliseconds. */
export const duration = ({ min }: { readonly min: number }): OptionKind<number> => ({
  allowed: `milliseconds, or a number with a unit such as 10s, 5m${min === 0 ? '' : '; above 0'}`,
  parse: (written) => (/^\d+$/.test(written) ? Number(written) : written),
  check: (option, value) => parseDuration(option, value as Duration, { min }),
})

/** A time span, or `false`: for no time at all. */
export function durationOrFalse(range: { readonly min: number }): OptionKind<number | undefined> {
  const time = duration(range)
  return {
    allowed: `${time.allowed}; or false`,
    parse: (written) => (written === 'false' ? false : time.parse(written)),
    check: (option, value) => (value === false ? undefined : time.check(option, value)),
  }
}

/** What a function checks; as text, JSON. */
export const json = <T>(allowed: string, check: (option: string, value: unknown) => T): OptionKind<T> => ({
  allowed,
  parse: jsonOrText,
  check,
})

/** What is no JSON is left as it is, so that it is shown with what is allowed. */
function jsonOrText(written: string): unknown {
  try {
    return JSON.parse(written)
  } catch {
    return written
  }
}

/** Texts that a pattern matches, at least one; as text with commas between them. */
export const list = (allowed: string, pattern: RegExp): OptionKind<readonly string[]> => ({
  allowed,
  parse: (written) => written.split(',').map((item) => item.trim()),
  check(option, value) {
    if (!Array.isArray(value) || value.length === 0) throw refusal(option, value, allowed)
    const wrong = value.find((item) => typeof item !== 'string' || !pattern.test(item))
    if (wrong === undefined) return value
    throw refusal(option, wrong, allowed)
  },
})

/** A kind whose values need not be there. */
export const optional = <T>(kind: OptionKind<T>): OptionKind<T | undefined> => ({
  ...kind,
  check: (option, value) => (value === undefined ? undefined : kind.check(option, value)),
})
