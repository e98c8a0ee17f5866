interface FastSlices {
  utf8Slice?(start: number, end: number): string
}

/** Node's own slice, where it is there: `toString` reaches the same code by way of checks of its arguments. */
const slice: (source: Buffer, start: number, end: number) => string =
  typeof (Buffer.prototype as FastSlices).utf8Slice === 'function'
    ? (source, start, end) => (source as Buffer & Required<FastSlices>).utf8Slice(start, end)
    : (source, start, end) => source.toString('utf8', start, end)

/** Up to here characters one by one are faster than a call into the runtime, and V8 makes a flat string of them. */
export const MAX_SHORT = 12

/** The UTF-8 text in `source[start, end)`; malformed bytes become U+FFFD, as in Java. */
export function utf8Text(source: Buffer, start: number, end: number): string {
  return (end - start <= MAX_SHORT ? shortAscii(source, start, end) : undefined) ?? slice(source, start, end)
}

/** The text if all of it is ASCII, as most keys are: four characters at a time, then one by one. */
function shortAscii(source: Buffer, start: number, end: number): string | undefined {
  let text = ''
  let at = start
  for (; at + 4 <= end; at += 4) {
    const a = source[at]!
    const b = source[at + 1]!
    const c = source[at + 2]!
    const d = source[at + 3]!
    if ((a | b | c | d) >= 0x80) return undefined
    text += String.fromCharCode(a, b, c, d)
  }
  for (; at < end; at++) {
    const code = source[at]!
    if (code >= 0x80) return undefined
    text += String.fromCharCode(code)
  }
  return text
}
