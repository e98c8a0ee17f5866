/** Shapes that are remembered; beyond, each further one counts as new, which it is in a store that has so many. */
const MAX_SHAPES = 1024

/*
 * What V8 takes, 64 bits, pointers not compressed: measured, and rounded up where V8's own choices differ.
 */
const WORD = 8
const OBJECT_BYTES = 3 * WORD
const ARRAY_BYTES = 6 * WORD
const STRING_BYTES = 2 * WORD
const DOUBLE_BYTES = 2 * WORD
const BIGINT_BYTES = 3 * WORD
/** The view, its ArrayBuffer and the bookkeeping of memory outside of the heap. */
const BYTES_BYTES = 200
/** An entry of a hash table: key, value, chain, and the slots that are free. */
const ENTRY_BYTES = 6 * WORD
/** A property of an object whose shape no other has: its name and its part of the hidden class, or of a dictionary. */
const OWN_SHAPE_PROPERTY_BYTES = 11 * WORD
const LARGEST_SMALL_INTEGER = 0x7fff_ffff
const NEEDS_TWO_BYTES = /[^\0-\xff]/

/**
 * Estimates what values take on the heap, by walking over them: for samples, not for every row. Objects of a shape
 * (property names in their order) that came before share its description; a map from names to values mostly has one
 * of its own.
 */
export class HeapSize {
  private readonly shapes = new Set<string>()
  /** Objects of the walk under way: what is shared counts once. */
  private readonly counted = new Set<object>()

  /** Bytes that a value keeps, beside the field that holds it. */
  of(value: unknown): number {
    this.counted.clear()
    return this.walk(value)
  }

  private walk(value: unknown): number {
    switch (typeof value) {
      case 'string':
        return STRING_BYTES + Math.ceil((value.length * (NEEDS_TWO_BYTES.test(value) ? 2 : 1)) / WORD) * WORD
      case 'number':
        return Number.isInteger(value) && Math.abs(value) <= LARGEST_SMALL_INTEGER ? 0 : DOUBLE_BYTES
      case 'bigint':
        return BIGINT_BYTES
      case 'object':
        return value === null ? 0 : this.ofObject(value)
      default:
        return 0
    }
  }

  private ofObject(value: object): number {
    if (this.counted.has(value)) return 0
    this.counted.add(value)
    if (Array.isArray(value)) return this.ofItems(value, ARRAY_BYTES, WORD)
    if (ArrayBuffer.isView(value)) return BYTES_BYTES + value.byteLength
    if (value instanceof Set) return this.ofItems(value, OBJECT_BYTES, ENTRY_BYTES)
    if (value instanceof Map) {
      return this.ofItems(value.values(), this.ofItems(value.keys(), OBJECT_BYTES, ENTRY_BYTES), 0)
    }
    const names = Object.keys(value)
    const items = this.ofItems(Object.values(value), OBJECT_BYTES, WORD)
    return this.isKnown(names) ? items : items + names.length * OWN_SHAPE_PROPERTY_BYTES
  }

  private ofItems(items: Iterable<unknown>, base: number, slot: number): number {
    let bytes = base
    for (const item of items) bytes += slot + this.walk(item)
    return bytes
  }

  private isKnown(names: readonly string[]): boolean {
    const shape = names.join('\n')
    if (this.shapes.has(shape)) return true
    if (this.shapes.size < MAX_SHAPES) this.shapes.add(shape)
    return false
  }
}
