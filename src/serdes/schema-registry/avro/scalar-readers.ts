import { Misfit } from './misfit.js'
import type { Payload } from './payload.js'
import type { ValueReader } from './value-reader.js'

abstract class VarintReader implements ValueReader {
  abstract read(payload: Payload): unknown

  skip(payload: Payload): void {
    payload.skipVarint()
  }
}

abstract class SizedReader implements ValueReader {
  constructor(protected readonly size: number) {}

  abstract read(payload: Payload): unknown

  skip(payload: Payload): void {
    payload.take(this.size)
  }
}

abstract class PrefixedReader implements ValueReader {
  abstract read(payload: Payload): unknown

  skip(payload: Payload): void {
    payload.take(payload.readLength())
  }
}

export class NullReader extends SizedReader {
  constructor() {
    super(0)
  }

  read(): null {
    return null
  }
}

export class BooleanReader extends SizedReader {
  constructor() {
    super(1)
  }

  read(payload: Payload): boolean {
    return payload.readBoolean()
  }
}

export class IntReader extends VarintReader {
  read(payload: Payload): number {
    return payload.readInt()
  }
}

export class LongReader extends VarintReader {
  read(payload: Payload): number {
    return payload.readLong()
  }
}

export class BigLongReader extends VarintReader {
  read(payload: Payload): bigint {
    return payload.readBigLong()
  }
}

/** A long that is read as a float or double: rounded to the nearest, as Avro has it. */
export class RoundedLongReader extends VarintReader {
  constructor(private readonly single: boolean) {
    super()
  }

  read(payload: Payload): number {
    const value = payload.readRoundedLong()
    return this.single ? Math.fround(value) : value
  }
}

/** An int that is read as a float. */
export class RoundedIntReader extends VarintReader {
  read(payload: Payload): number {
    return Math.fround(payload.readInt())
  }
}

/** An int that is read as a long of type bigint. */
export class WidenedIntReader extends VarintReader {
  read(payload: Payload): bigint {
    return BigInt(payload.readInt())
  }
}

export class FloatReader extends SizedReader {
  constructor() {
    super(4)
  }

  read(payload: Payload): number {
    return payload.readFloat()
  }
}

export class DoubleReader extends SizedReader {
  constructor() {
    super(8)
  }

  read(payload: Payload): number {
    return payload.readDouble()
  }
}

export class StringReader extends PrefixedReader {
  read(payload: Payload): string {
    return payload.readString()
  }
}

export class BytesReader extends PrefixedReader {
  read(payload: Payload): Uint8Array {
    return payload.readBytes(payload.readLength())
  }
}

export class FixedReader extends SizedReader {
  read(payload: Payload): Uint8Array {
    return payload.readBytes(this.size)
  }
}

export class EnumReader extends VarintReader {
  /** @param symbols the reader's, in the order of the writer's; undefined: the reader has none for it */
  constructor(
    private readonly symbols: readonly (string | undefined)[],
    private readonly written: readonly string[],
    private readonly name: string,
  ) {
    super()
  }

  read(payload: Payload): string {
    const index = payload.readInt()
    const symbol = this.symbols[index]
    if (symbol === undefined) throw this.unknown(index)
    return symbol
  }

  private unknown(index: number): Misfit {
    const symbol = this.written[index]
    if (symbol === undefined) return new Misfit(`enum ${this.name} has no symbol number ${index}`)
    return new Misfit(`the reader's enum ${this.name} has neither the symbol ${symbol} nor a default`)
  }
}
