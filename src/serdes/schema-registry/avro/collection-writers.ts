import type { ByteWriter } from '../../byte-writer.js'
import type { Bounds } from './bounds.js'
import { placed, unexpected } from './misfit.js'
import { writeString } from './scalar-writers.js'
import { valueKind } from './value-kind.js'
import type { ValueWriter } from './value-writer.js'

const END = 0

export class ArrayWriter implements ValueWriter {
  /** @param bounds present where items may have no bytes */
  constructor(
    private readonly items: ValueWriter,
    private readonly bounds: Bounds | undefined,
  ) {}

  write(value: unknown, target: ByteWriter): void {
    if (!Array.isArray(value)) throw unexpected('an array', value)
    const { length } = value
    this.bounds?.addEmptyItems(length)
    if (length > 0) {
      target.writeVarint(length)
      this.writeItems(value, target)
    }
    target.writeInt8(END)
  }

  private writeItems(array: readonly unknown[], target: ByteWriter): void {
    let index = 0
    try {
      for (; index < array.length; index++) this.items.write(array[index], target)
    } catch (error) {
      throw placed(error, index)
    }
  }
}

/** Writes entries in the order of their keys: the order in which they came into an object is none of its value. */
export class MapWriter implements ValueWriter {
  constructor(private readonly values: ValueWriter) {}

  write(value: unknown, target: ByteWriter): void {
    if (!isPlain(value)) throw unexpected('an object of entries', value)
    const keys = Object.keys(value).sort()
    if (keys.length > 0) {
      target.writeVarint(keys.length)
      for (const key of keys) this.writeEntry(key, value[key], target)
    }
    target.writeInt8(END)
  }

  private writeEntry(key: string, value: unknown, target: ByteWriter): void {
    writeString(key, target)
    try {
      this.values.write(value, target)
    } catch (error) {
      throw placed(error, key)
    }
  }
}

/** A `Map` or `Set` has no entries that are properties: it would be written as empty. */
const isPlain = (value: unknown): value is Record<string, unknown> =>
  valueKind(value) === 'object' && !(Symbol.iterator in (value as object))
