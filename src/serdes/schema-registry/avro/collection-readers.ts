import { setOwnProperty } from '../own-property.js'
import type { Bounds } from './bounds.js'
import { Misfit, placed } from './misfit.js'
import type { Payload } from './payload.js'
import type { ValueReader } from './value-reader.js'

/** Arrays and maps come in blocks, each with the count of its items; a count of 0 ends them. */
abstract class BlocksReader implements ValueReader {
  constructor(private readonly bounds: Bounds | undefined) {}

  abstract read(payload: Payload): unknown
  protected abstract skipItem(payload: Payload): void

  /** How many items come next, no more than there can be. */
  protected nextBlock(payload: Payload): number {
    let count = payload.readLong()
    if (count < 0) {
      count = -count
      // The block's length in bytes: for those that leave it out.
      payload.readLength()
    }
    if (this.bounds !== undefined) this.bounds.addEmptyItems(count)
    else if (count > payload.remaining) {
      throw new Misfit(`a block of ${count} items, where ${payload.remaining} bytes are left`)
    }
    return count
  }

  skip(payload: Payload): void {
    for (let count = this.nextBlock(payload); count > 0; count = this.nextBlock(payload)) {
      for (let left = count; left > 0; left--) this.skipItem(payload)
    }
  }
}

export class ArrayReader extends BlocksReader {
  /** @param bounds present where items may have no bytes */
  constructor(
    private readonly items: ValueReader,
    bounds: Bounds | undefined,
  ) {
    super(bounds)
  }

  read(payload: Payload): unknown[] {
    const array: unknown[] = []
    try {
      for (let count = this.nextBlock(payload); count > 0; count = this.nextBlock(payload)) {
        for (let left = count; left > 0; left--) array.push(this.items.read(payload))
      }
    } catch (error) {
      throw placed(error, array.length)
    }
    return array
  }

  protected skipItem(payload: Payload): void {
    this.items.skip(payload)
  }
}

export class MapReader extends BlocksReader {
  constructor(private readonly values: ValueReader) {
    super(undefined)
  }

  read(payload: Payload): Record<string, unknown> {
    const map: Record<string, unknown> = {}
    for (let count = this.nextBlock(payload); count > 0; count = this.nextBlock(payload)) {
      for (let left = count; left > 0; left--) this.readEntry(payload, map)
    }
    return map
  }

  private readEntry(payload: Payload, map: Record<string, unknown>): void {
    const key = payload.readString()
    try {
      setOwnProperty(map, key, this.values.read(payload))
    } catch (error) {
      throw placed(error, key)
    }
  }

  protected skipItem(payload: Payload): void {
    payload.take(payload.readLength())
    this.values.skip(payload)
  }
}
