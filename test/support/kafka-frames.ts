import { WireReader } from '../../src/kafka/protocol/wire-reader.js'

const SIZE_BYTES = 4

/** The APIs that tests name, with their keys. */
export const API_KEY = {
  Produce: 0,
  Fetch: 1,
  ListOffsets: 2,
  Metadata: 3,
  OffsetCommit: 8,
  OffsetFetch: 9,
  FindCoordinator: 10,
  JoinGroup: 11,
  Heartbeat: 12,
  LeaveGroup: 13,
  SyncGroup: 14,
  SaslHandshake: 17,
  ApiVersions: 18,
  CreateTopics: 19,
  DeleteTopics: 20,
  DeleteRecords: 21,
  InitProducerId: 22,
  AddPartitionsToTxn: 24,
  AddOffsetsToTxn: 25,
  EndTxn: 26,
  TxnOffsetCommit: 28,
  DescribeConfigs: 32,
  SaslAuthenticate: 36,
  DeleteGroups: 42,
} as const

export type ApiName = keyof typeof API_KEY

/** A request's header, and what follows it. */
export interface RequestFrame {
  readonly apiKey: number
  readonly apiVersion: number
  readonly correlationId: number
  readonly clientId: string | null
  /** What follows the client id; in flexible versions it begins with the header's tagged fields. */
  readonly body: Buffer
}

/** Reads a request without its size. */
export const parseRequest = (frame: Buffer): RequestFrame => {
  const reader = new WireReader(frame)
  const apiKey = reader.readInt16()
  const apiVersion = reader.readInt16()
  const correlationId = reader.readInt32()
  const clientId = reader.readString()
  return { apiKey, apiVersion, correlationId, clientId, body: frame.subarray(reader.position) }
}

/** Cuts what arrives on a socket into Kafka's frames, without their sizes. */
export class FrameSplitter {
  private chunks: Buffer[] = []
  private length = 0

  /** Takes what has arrived, and gives the frames that are complete by it. */
  push(chunk: Buffer): Buffer[] {
    const frames: Buffer[] = []
    this.chunks.push(chunk)
    this.length += chunk.length
    while (this.length >= SIZE_BYTES) {
      if (this.chunks[0]!.length < SIZE_BYTES) this.join()
      const size = SIZE_BYTES + this.chunks[0]!.readInt32BE(0)
      if (this.length < size) break
      const joined = this.join()
      this.chunks = [joined.subarray(size)]
      this.length -= size
      frames.push(joined.subarray(SIZE_BYTES, size))
    }
    return frames
  }

  private join(): Buffer {
    const joined = this.chunks.length === 1 ? this.chunks[0]! : Buffer.concat(this.chunks)
    this.chunks = [joined]
    return joined
  }
}

/** A frame with its size in front, as it goes over the wire. */
export const sized = (frame: Buffer): Buffer => {
  const bytes = Buffer.allocUnsafe(SIZE_BYTES + frame.length)
  bytes.writeInt32BE(frame.length, 0)
  frame.copy(bytes, SIZE_BYTES)
  return bytes
}
