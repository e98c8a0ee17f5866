/** How the bytes of a field end: the low three bits of its tag (https://protobuf.dev/programming-guides/encoding). */
export const VARINT = 0
export const FIXED64 = 1
export const LENGTH_DELIMITED = 2
export const START_GROUP = 3
export const END_GROUP = 4
export const FIXED32 = 5

/** How deep messages may lie in messages, as in Protobuf's own libraries. */
export const MOST_NESTED = 100

export const tagOf = (number: number, wireType: number): number => ((number << 3) | wireType) >>> 0
