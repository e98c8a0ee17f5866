const MULTIPLIER = 0x5bd1e995
const SEED = 0x9747b28c

/** The 32-bit murmur2 hash of `buffer[start, end)` as Kafka's default partitioner computes it, as a signed integer. */
export const murmur2 = (buffer: Uint8Array, start: number, end: number): number => {
  const length = end - start
  const wordsEnd = start + (length & ~3)
  let hash = SEED ^ length
  for (let at = start; at < wordsEnd; at += 4) {
    let word = buffer[at]! | (buffer[at + 1]! << 8) | (buffer[at + 2]! << 16) | (buffer[at + 3]! << 24)
    word = Math.imul(word, MULTIPLIER)
    word ^= word >>> 24
    hash = Math.imul(hash, MULTIPLIER) ^ Math.imul(word, MULTIPLIER)
  }
  const rest = length & 3
  if (rest > 2) hash ^= buffer[wordsEnd + 2]! << 16
  if (rest > 1) hash ^= buffer[wordsEnd + 1]! << 8
  if (rest > 0) hash = Math.imul(hash ^ buffer[wordsEnd]!, MULTIPLIER)
  hash = Math.imul(hash ^ (hash >>> 13), MULTIPLIER)
  return hash ^ (hash >>> 15)
}

/** The partition of a record with the key `buffer[start, end)` among `count`, as Kafka's default partitioner chooses it. */
export const partitionFor = (buffer: Uint8Array, start: number, end: number, count: number): number =>
  (murmur2(buffer, start, end) & 0x7fff_ffff) % count
