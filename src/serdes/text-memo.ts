import { utf8Text } from './utf8-text.js'

/** A shorter text is made as fast as it is compared. */
const SHORTEST = 13
/** Longer texts are read anew each time. */
const LONGEST = 64

/** Reads texts of one place in records, where the same one often comes again: then it is given again. */
export class TextMemo {
  private text = ''
  private length = -1
  private readonly bytes = new Uint8Array(LONGEST)

  /** The UTF-8 text in `source[start, end)`; malformed bytes become U+FFFD, as in Java. */
  read(source: Buffer, start: number, end: number): string {
    const length = end - start
    if (length < SHORTEST) return utf8Text(source, start, end)
    if (length === this.length && this.isSame(source, start)) return this.text
    const text = utf8Text(source, start, end)
    if (length <= LONGEST) this.keep(text, source, start, length)
    return text
  }

  private isSame(source: Buffer, start: number): boolean {
    const { bytes, length } = this
    for (let at = 0; at < length; at++) if (bytes[at] !== source[start + at]) return false
    return true
  }

  private keep(text: string, source: Buffer, start: number, length: number): void {
    const { bytes } = this
    for (let at = 0; at < length; at++) bytes[at] = source[start + at]!
    this.text = text
    this.length = length
  }
}
