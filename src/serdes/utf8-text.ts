interface FastSlices {
  utf8Slice?(start: number, end: number): string
}

/**
 * The UTF-8 text in `source[start, end)`; malformed bytes become U+FFFD, as in Java.
 *
 * Node's own slice is taken where it is there: `toString` reaches the same code by way of checks that cost more
 * than decoding a short key.
 */
export const utf8Text: (source: Buffer, start: number, end: number) => string =
  typeof (Buffer.prototype as FastSlices).utf8Slice === 'function'
    ? (source, start, end) => (source as Buffer & Required<FastSlices>).utf8Slice(start, end)
    : (source, start, end) => source.toString('utf8', start, end)
