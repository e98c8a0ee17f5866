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
  let rest = length * 2
  for (let last = at + width - 1; at < last; at++) {
    buffer[at] = (rest & 0x7f) | 0x80
    rest = Math.floor(rest / 0x80)
  }
  buffer[at] = rest
}
