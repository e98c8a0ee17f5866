import type { ByteWriter } from '../../byte-writer.js'
import type { Bounds } from './bounds.js'
import type { Payload } from './payload.js'
import type { ValueReader } from './value-reader.js'
import type { ValueWriter } from './value-writer.js'

/** A record within itself, whose reader is known when that of the record is made. */
export class RecursiveReader implements ValueReader {
  target: ValueReader | undefined

  constructor(private readonly bounds: Bounds) {}

  read(payload: Payload): unknown {
    this.bounds.enter()
    const value = this.target!.read(payload)
    this.bounds.leave()
    return value
  }

  skip(payload: Payload): void {
    this.bounds.enter()
    this.target!.skip(payload)
    this.bounds.leave()
  }
}

/** As {@link RecursiveReader}. */
export class RecursiveWriter implements ValueWriter {
  target: ValueWriter | undefined

  constructor(private readonly bounds: Bounds) {}

  write(value: unknown, target: ByteWriter): void {
    this.bounds.enter()
    this.target!.write(value, target)
    this.bounds.leave()
  }
}
