import {
  type ProtobufFormatOptions,
  protobufFormat,
} from '../../../../src/serdes/schema-registry/protobuf/protobuf-format.js'
import type { ReferencedSchema, ResolvedSchema } from '../../../../src/serdes/schema-registry/schema-text.js'
import { payloadOf, readPayload } from '../payload.js'

export const proto = (schema: string, referenced: readonly ReferencedSchema[] = []): ResolvedSchema => ({
  type: 'PROTOBUF',
  schema,
  referenced,
})

export const proto3 = (body: string, referenced: readonly ReferencedSchema[] = []): ResolvedSchema =>
  proto(`syntax = "proto3"; ${body}`, referenced)

export const proto2 = (body: string): ResolvedSchema => proto(`syntax = "proto2"; ${body}`)

export type Options = Omit<ProtobufFormatOptions, 'schema'>

export interface Codec {
  write(value: unknown): Buffer
  read(bytes: Uint8Array): unknown
  /** Without the message indexes. */
  hex(value: unknown): string
  roundTrip(value: unknown): unknown
}

/** Reads as `reader` what was written as `writer`. */
export function codecOf(writer: ResolvedSchema, options: Options = {}, reader = writer): Codec {
  const format = protobufFormat<unknown>({ schema: 'latest', ...options })
  const [writes, reads] = [format.writer(writer), format.reader(writer, reader)]
  const write = (value: unknown): Buffer => payloadOf(writes, value)
  const read = (bytes: Uint8Array): unknown => readPayload(reads, bytes)
  return {
    write,
    read,
    hex: (value) => write(value).subarray(1).toString('hex'),
    roundTrip: (value) => read(write(value)),
  }
}
