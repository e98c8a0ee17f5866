import { CodedError } from '../../errors/coded-error.js'
import { NO_HEADERS, type RecordHeader, type RecordHeaders } from '../../serdes/record-headers.js'
import { utf8Text } from '../../serdes/utf8-text.js'

/** Thrown where bytes are no record; the cursor adds topic, partition and offset. */
export class MalformedRecordError extends CodedError {
  override readonly name = 'MalformedRecordError'

  constructor(message: string) {
    super('MALFORMED_RECORD', message)
  }
}

/** Attributes, timestamp delta, offset delta, key length, value length, header count: a byte each at least. */
const MIN_RECORD_BYTES = 6

/**
 * Reads the records of one batch one after another into its own fields.
 *
 * Bounds are checked per field and not per byte: a varint may be read some bytes past the record's end, or past the
 * buffer's, where bytes are undefined and make no valid varint; the record's length then shows it.
 */
export class RecordReader {
  buffer: Buffer = Buffer.alloc(0)
  position = 0
  private end = 0
  private recordEnd = 0
  private headersStart = 0
  private headerCount = 0

  timestampDelta = 0
  offsetDelta = 0
  keyStart = 0
  /** -1: null key. */
  keyEnd = -1
  valueStart = 0
  /** -1: null value. */
  valueEnd = -1

  /** Starts with the records in `buffer[start, end)`. */
  open(buffer: Buffer, start: number, end: number): void {
    this.buffer = buffer
    this.position = start
    this.end = end
    this.headerCount = 0
  }

  /** Bytes behind the record read last. */
  get remaining(): number {
    return this.end - this.position
  }

  /** Bytes of key, value and headers of the record read last. */
  get byteLength(): number {
    const key = this.keyEnd < 0 ? 0 : this.keyEnd - this.keyStart
    const value = this.valueEnd < 0 ? 0 : this.valueEnd - this.valueStart
    return key + value + this.recordEnd - this.headersStart
  }

  /** Reads the next record. */
  read(): void {
    const start = this.position
    const length = this.readVarint()
    const recordEnd = this.position + length
    if (length < MIN_RECORD_BYTES || recordEnd > this.end) {
      throw new MalformedRecordError(`record of ${length} bytes, ${this.end - start} left in the batch`)
    }
    this.recordEnd = recordEnd
    this.position++
    this.timestampDelta = this.readVarlong()
    this.offsetDelta = this.readVarint()
    this.readKey()
    this.readValue()
    this.headerCount = this.readVarint()
    if (
      this.headerCount === 0 ? this.position !== recordEnd : this.headerCount < 0 || this.position > recordEnd
    ) {
      throw new MalformedRecordError('the lengths in a record do not add up to its own')
    }
    this.headersStart = this.position
    this.position = recordEnd
  }

  private readKey(): void {
    const length = this.readVarint()
    if (length < 0) {
      this.keyEnd = -1
    } else {
      this.keyStart = this.position
      this.keyEnd = this.take(length)
    }
  }

  private readValue(): void {
    const length = this.readVarint()
    if (length < 0) {
      this.valueEnd = -1
    } else {
      this.valueStart = this.position
      this.valueEnd = this.take(length)
    }
  }

  /** Passes `length` bytes of the record; returns the position behind them. */
  private take(length: number): number {
    const end = this.position + length
    if (end > this.recordEnd)
      throw new MalformedRecordError(`${length} bytes of key, value or header in a record with less left`)
    this.position = end
    return end
  }

  private readVarint(): number {
    const byte = this.buffer[this.position++]!
    return byte < 0x80 ? (byte >>> 1) ^ -(byte & 1) : this.readLongVarint(byte)
  }

  private readLongVarint(first: number): number {
    let value = first & 0x7f
    for (let shift = 7; shift < 35; shift += 7) {
      const byte = this.buffer[this.position++]!
      value |= (byte & 0x7f) << shift
      if (byte < 0x80) return (value >>> 1) ^ -(value & 1)
    }
    throw new MalformedRecordError('varint without an end')
  }

  private readVarlong(): number {
    const byte = this.buffer[this.position++]!
    return byte < 0x80 ? (byte >>> 1) ^ -(byte & 1) : this.readLongVarlong(byte)
  }

  /** Exact for magnitudes below 2^52. */
  private readLongVarlong(first: number): number {
    let value = first & 0x7f
    let scale = 0x80
    for (let bytes = 1; bytes < 10; bytes++) {
      const byte = this.buffer[this.position++]!
      value += (byte & 0x7f) * scale
      scale *= 0x80
      if (byte < 0x80) return value % 2 === 0 ? value / 2 : -(value + 1) / 2
    }
    throw new MalformedRecordError('varlong without an end')
  }

  /** The headers of the record read last, with values of their own memory. */
  headers(): RecordHeaders {
    if (this.headerCount === 0) return NO_HEADERS
    const nextRecord = this.position
    try {
      return this.readHeaders()
    } finally {
      this.position = nextRecord
    }
  }

  /** All of them are copied at once: their values are slices of one piece of memory. */
  private readHeaders(): RecordHeaders {
    const { headersStart, recordEnd } = this
    this.position = headersStart
    const bytes = Buffer.from(this.buffer.subarray(headersStart, recordEnd))
    const headers: RecordHeader[] = []
    for (let index = 0; index < this.headerCount; index++) headers.push(this.readHeader(bytes))
    if (this.position !== recordEnd) throw new MalformedRecordError('headers do not fill their record')
    return headers
  }

  private readHeader(bytes: Buffer): RecordHeader {
    const keyLength = this.readVarint()
    if (keyLength < 0) throw new MalformedRecordError('header without a key')
    const keyStart = this.position
    const key = utf8Text(this.buffer, keyStart, this.take(keyLength))
    const valueLength = this.readVarint()
    if (valueLength < 0) return { key, value: null }
    const valueStart = this.position - this.headersStart
    return { key, value: bytes.subarray(valueStart, this.take(valueLength) - this.headersStart) }
  }
}
