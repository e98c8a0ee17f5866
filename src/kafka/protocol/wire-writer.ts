import { ByteWriter } from '../../serdes/byte-writer.js'

/** Kafka's protocol primitives, written. `flexible` forms are those of KIP-482 (compact lengths, tagged fields). */
export class WireWriter extends ByteWriter {
  writeBoolean(value: boolean): void {
    this.writeInt8(value ? 1 : 0)
  }

  writeString(value: string | null): void {
    if (value === null) {
      this.writeInt16(-1)
      return
    }
    const at = this.position
    this.writeInt16(0)
    this.writeUtf8(value)
    this.buffer.writeInt16BE(this.position - at - 2, at)
  }

  writeCompactString(value: string | null): void {
    if (value === null) {
      this.writeUnsignedVarint(0)
      return
    }
    this.writeUnsignedVarint(Buffer.byteLength(value) + 1)
    this.writeUtf8(value)
  }

  writeByteArray(value: Uint8Array | null): void {
    this.writeInt32(value === null ? -1 : value.length)
    if (value !== null) this.writeBytes(value)
  }

  writeCompactByteArray(value: Uint8Array | null): void {
    this.writeUnsignedVarint(value === null ? 0 : value.length + 1)
    if (value !== null) this.writeBytes(value)
  }

  writeArray<T>(items: readonly T[], write: (item: T) => void): void {
    this.writeInt32(items.length)
    for (const item of items) write(item)
  }

  writeCompactArray<T>(items: readonly T[], write: (item: T) => void): void {
    this.writeUnsignedVarint(items.length + 1)
    for (const item of items) write(item)
  }

  /** A topic id: 32 hexadecimal digits as 16 bytes. */
  writeUuid(hex: string): void {
    this.writeBytes(Buffer.from(hex, 'hex'))
  }

  writeNoTaggedFields(): void {
    this.writeUnsignedVarint(0)
  }
}
