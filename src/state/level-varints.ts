/** Where a block of a table is. */
export interface Handle {
  readonly offset: number
  readonly size: number
}

/** Reads numbers of seven bits a byte; a RangeError past the end. */
export class Varints {
  private at = 0

  constructor(private readonly bytes: Buffer) {}

  get left(): boolean {
    return this.at < this.bytes.length
  }

  next(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.bytes.readUInt8(this.at++)
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }

  handle(): Handle {
    return { offset: this.next(), size: this.next() }
  }

  skip(length: number): void {
    this.at += length
  }

  take(length: number): Buffer {
    this.at += length
    return this.bytes.subarray(this.at - length, this.at)
  }
}
