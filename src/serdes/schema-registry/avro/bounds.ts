import { Misfit } from './misfit.js'

/** A value that lies deeper in itself needs more stack than there may be. */
const MAX_DEPTH = 500
/** So many items without any bytes: five bytes could make billions of them. */
const MAX_EMPTY_ITEMS = 65_536

/** What one value may have that its length in bytes does not limit. Both ways alike: what is written can be read. */
export class Bounds {
  private depth = 0
  private emptyItems = 0

  /** Before each value. */
  reset(): void {
    this.depth = 0
    this.emptyItems = 0
  }

  enter(): void {
    if (++this.depth > MAX_DEPTH) throw new Misfit(`a value that contains itself more than ${MAX_DEPTH} deep`)
  }

  leave(): void {
    this.depth--
  }

  addEmptyItems(count: number): void {
    this.emptyItems += count
    if (this.emptyItems > MAX_EMPTY_ITEMS) {
      throw new Misfit(`more than ${MAX_EMPTY_ITEMS} items of a type that has no bytes`)
    }
  }
}
