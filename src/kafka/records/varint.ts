/** How many bytes the zigzag varint of a length (a non-negative 31-bit integer) takes. */
export const lengthWidth = (length: number): number => {
  if (length < 0x40) return 1
  if (length < 0x2000) return 2
  if (length < 0x10_0000) return 3
  if (length < 0x800_0000) return 4
  return 5
}

/** Puts the zigzag varint of a length at `at`, where `width` is its `lengthWidth`. */
export const putLength = (buffer: Buffer, length: number, at: number, width: number): void => {
  if (width === 1) {
    buffer[at] = length << 1
  } else if (width === 2) {
    buffer[at] = ((length << 1) & 0x7f) | 0x80
    buffer[at + 1] = length >>> 6
  } else {
    putLongLength(buffer, length, at, width)
  }
}

const putLongLength = (buffer: Buffer, length: number, at: number, width: number): void => {
  const last = at + width - 1
  let rest = (length << 1) >>> 0
  for (let index = at; index < last; index++) {
    buffer[index] = (rest & 0x7f) | 0x80
    rest >>>= 7
  }
  buffer[last] = rest
}
