import type { ByteWriter } from '../../byte-writer.js'
import type { Conversion } from './logical-types/conversion.js'
import type { Payload } from './payload.js'
import type { ValueReader } from './value-reader.js'
import type { ValueWriter } from './value-writer.js'

/** A logical type: values of the type under it, made into others. */
export class ConvertedReader implements ValueReader {
  constructor(
    private readonly raw: ValueReader,
    private readonly conversion: Conversion,
  ) {}

  read(payload: Payload): unknown {
    return this.conversion.fromRaw(this.raw.read(payload))
  }

  skip(payload: Payload): void {
    this.raw.skip(payload)
  }
}

/** As {@link ConvertedReader}. */
export class ConvertedWriter implements ValueWriter {
  constructor(
    private readonly raw: ValueWriter,
    private readonly conversion: Conversion,
  ) {}

  write(value: unknown, target: ByteWriter): void {
    this.raw.write(this.conversion.toRaw(value), target)
  }
}
