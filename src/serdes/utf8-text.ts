import { MAX_SHORT, shortAscii } from './short-ascii.js'

interface FastSlices {
  utf8Slice?(start: number, end: number): string
}

/** Node's own slice, where it is there: `toString` reaches the same code by way of checks of its arguments. */
const slice: (source: Buffer, start: number, end: number) => string =
  typeof (Buffer.prototype as FastSlices).utf8Slice === 'function'
    ? (source, start, end) => (source as Buffer & Required<FastSlices>).utf8Slice(start, end)
    : (source, start, end) => source.toString('utf8', start, end)

/** The UTF-8 text in `source[start, end)`; malformed bytes become U+FFFD, as in Java. */
export function utf8Text(source: Buffer, start: number, end: number): string {
  return (end - start <= MAX_SHORT ? shortAscii(source, start, end) : undefined) ?? slice(source, start, end)
}
