/*
 * What the functions of the vectors' topologies do in Java where JavaScript would do something else: they fail on null
 * and on text that is no number, and a split leaves out empty parts at the end.
 */

/** The value, which a method is called of. */
export function required<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new TypeError('a method of null is called')
  return value
}

/** The parts of a text. Where there is no separator, the text. */
export function split(text: string, separator: string): string[] {
  const parts = required(text).split(separator)
  if (parts.length === 1) return parts
  while (parts.at(-1) === '') parts.pop()
  return parts
}

/** The number in a text. */
export function parseLong(text: string | undefined): number {
  if (!/^[+-]?\d+$/.test(required(text))) throw new RangeError(`${text} is no number`)
  return Number(text)
}

/** The first character of a text. */
export function firstCharacter(text: string): string {
  if (text === '') throw new RangeError('the text has no character')
  return text.slice(0, 1)
}
