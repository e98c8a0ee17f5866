/**
 * How far a subscriber has come: everything before `offsets` of the topic has been sent to it. It means the same on every
 * worker, since all read the same topic.
 */
export interface FeedPosition {
  /** The topic's id, 32 hexadecimal digits: a topic that was created anew under its name has another one. */
  readonly topicId: string
  /** What the subscriber asked for (`FeedFilter.hash`): what was left out then must not be taken for sent. */
  readonly filterHash: number
  /** When it was told, epoch milliseconds in whole seconds. */
  readonly issuedAt: number
  /** The next offset, by partition. */
  readonly offsets: readonly number[]
}

/*
 * format (1), topic id (16), hash of the filter (4), seconds of the epoch (4), number of partitions and their offsets as
 * varints: 43 characters for one partition. It travels in a header, so it is written as base64 for addresses.
 */
const FORMAT = 1
const TOPIC_ID_AT = 1
const FILTER_AT = 17
const ISSUED_AT = 21
const OFFSETS_AT = 25
const MAX_VARINT_BYTES = 8

/** As an event id. */
export function encodePosition({ topicId, filterHash, issuedAt, offsets }: FeedPosition): string {
  const bytes = Buffer.allocUnsafe(OFFSETS_AT + (offsets.length + 1) * MAX_VARINT_BYTES)
  bytes[0] = FORMAT
  bytes.write(topicId, TOPIC_ID_AT, 'hex')
  bytes.writeUInt32BE(filterHash, FILTER_AT)
  bytes.writeUInt32BE(Math.floor(issuedAt / 1000), ISSUED_AT)
  let at = putVarint(bytes, offsets.length, OFFSETS_AT)
  for (const offset of offsets) at = putVarint(bytes, offset, at)
  return bytes.toString('base64url', 0, at)
}

/** Reads an event id; undefined where it is none. */
export function decodePosition(id: string): FeedPosition | undefined {
  const bytes = Buffer.from(id, 'base64url')
  if (bytes.length <= OFFSETS_AT || bytes[0] !== FORMAT || bytes.toString('base64url') !== id)
    return undefined
  const numbers = varints(bytes, OFFSETS_AT)
  const [count, ...offsets] = numbers ?? []
  if (offsets.length !== count) return undefined
  return {
    topicId: bytes.toString('hex', TOPIC_ID_AT, FILTER_AT),
    filterHash: bytes.readUInt32BE(FILTER_AT),
    issuedAt: bytes.readUInt32BE(ISSUED_AT) * 1000,
    offsets,
  }
}

function putVarint(target: Buffer, value: number, from: number): number {
  let at = from
  let rest = value
  while (rest >= 0x80) {
    target[at++] = (rest % 0x80) | 0x80
    rest = Math.floor(rest / 0x80)
  }
  target[at++] = rest
  return at
}

/** All numbers from a place to the end; undefined where the last one is cut off or one is too large. */
function varints(source: Buffer, from: number): number[] | undefined {
  const numbers: number[] = []
  let value = 0
  let scale = 1
  for (let at = from; at < source.length; at++) {
    const byte = source[at]!
    value += (byte & 0x7f) * scale
    if (!Number.isSafeInteger(value)) return undefined
    if (byte >= 0x80) {
      scale *= 0x80
      continue
    }
    numbers.push(value)
    value = 0
    scale = 1
  }
  return scale === 1 ? numbers : undefined
}
