const MINUS = 0x2d
const POINT = 0x2e
const DIGIT_0 = 0x30
const DIGIT_9 = 0x39
const LETTER_F = 0x66
const LETTER_N = 0x6e
const LETTER_T = 0x74

/** So many digits are exact in a double, and a power of ten of so many zeros is: one division rounds correctly. */
export const EXACT_DIGITS = 15
const POWERS_OF_TEN = Array.from({ length: EXACT_DIGITS + 1 }, (_, zeros) => 10 ** zeros)

const TRUE = Buffer.from('true')
const FALSE = Buffer.from('false')
const NULL = Buffer.from('null')

const isDigit = (byte: number | undefined): boolean =>
  byte !== undefined && byte >= DIGIT_0 && byte <= DIGIT_9

/** Reads JSON's numbers, booleans and nulls out of bytes. */
export class JsonScalarReader {
  /** Behind the value that was read. */
  position = 0

  /** The value at a position; undefined where there is none, or one that is left to `JSON.parse`. */
  read(source: Buffer, start: number): number | boolean | null | undefined {
    this.position = start
    switch (source[start]) {
      case LETTER_T:
        return this.follows(source, TRUE) ? true : undefined
      case LETTER_F:
        return this.follows(source, FALSE) ? false : undefined
      case LETTER_N:
        return this.follows(source, NULL) ? null : undefined
      default:
        return this.readNumber(source)
    }
  }

  private follows(source: Buffer, word: Buffer): boolean {
    const { position } = this
    for (let at = 0; at < word.length; at++) if (source[position + at] !== word[at]) return false
    this.position = position + word.length
    return true
  }

  /** An exponent is left where it stands: no value ends before it. */
  private readNumber(source: Buffer): number | undefined {
    let at = this.position
    const negative = source[at] === MINUS
    if (negative) at++
    const start = at
    let digits = 0
    while (isDigit(source[at])) digits = digits * 10 + source[at++]! - DIGIT_0
    const whole = at - start
    if (whole === 0 || (whole > 1 && source[start] === DIGIT_0)) return undefined
    let fraction = 0
    if (source[at] === POINT) {
      const first = ++at
      while (isDigit(source[at])) digits = digits * 10 + source[at++]! - DIGIT_0
      fraction = at - first
      if (fraction === 0) return undefined
    }
    if (whole + fraction > EXACT_DIGITS) return undefined
    this.position = at
    const value = fraction === 0 ? digits : digits / POWERS_OF_TEN[fraction]!
    return negative ? -value : value
  }
}
