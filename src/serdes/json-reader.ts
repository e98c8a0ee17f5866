import { type FlatObjectReader, flatObjectReader } from './json-flat-object-reader.js'
import { utf8Text } from './utf8-text.js'

/** Objects of a topic have one of a few shapes, or very many. */
const MOST_SHAPES = 4
/** After so many texts it is looked whether their shapes were known. */
const TRIAL = 1024

/**
 * `JSON.parse` of bytes, faster where texts are flat objects of a few shapes, as the records of most topics are: it
 * learns the shapes from the objects that it reads, and texts of a shape that it knows need no search for what comes
 * next. Everything else goes through `JSON.parse`. The values are those of `JSON.parse` in any case.
 */
export class JsonReader {
  /** The one that the last text had comes first. */
  private readonly shapes: FlatObjectReader[] = []
  private learns = true
  private unknown = 0
  private known = 0

  /** The value of the JSON text in `source[start, end)`. Throws a SyntaxError as `JSON.parse` does. */
  read(source: Buffer, start: number, end: number): unknown {
    const { shapes } = this
    for (let index = 0; index < shapes.length; index++) {
      const value = shapes[index]!(source, start, end)
      if (value === undefined) continue
      this.known++
      if (index > 0) this.prefer(index)
      return value
    }
    const value: unknown = JSON.parse(utf8Text(source, start, end))
    if (this.learns) this.learn(value)
    return value
  }

  private prefer(index: number): void {
    const { shapes } = this
    const preferred = shapes[index]!
    shapes[index] = shapes[0]!
    shapes[0] = preferred
  }

  private learn(value: unknown): void {
    if (++this.unknown >= TRIAL) this.judge()
    if (!this.learns || this.shapes.length >= MOST_SHAPES) return
    const shape = flatObjectReader(value)
    if (shape !== undefined) this.shapes.push(shape)
  }

  /** Trying shapes in vain costs time. */
  private judge(): void {
    if (this.known < this.unknown) {
      this.learns = false
      this.shapes.length = 0
    }
    this.unknown = 0
    this.known = 0
  }
}
