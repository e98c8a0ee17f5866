import { createHash } from 'node:crypto'
import type { Workload } from './workloads.js'

/** What a partition of an output topic comes to, small enough to keep: equal exactly where the results are. */
export interface PartitionResult {
  /** Records in the sequence, or distinct keys. */
  readonly size: number
  readonly sha256: string
}

/** Takes the records of one partition in order. */
export interface OutputDigest {
  /** A key and a value as slices of `source`; an end before its start: there is none. Keys are never null. */
  add(source: Buffer, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void
  result(): PartitionResult
}

/** How a workload's results are compared: as a sequence, or as a table of last values. */
export const outputDigest = (workload: Workload): OutputDigest =>
  SEQUENCES.includes(workload) ? new SequenceDigest() : new LastValuesDigest()

/** Those without record cache: what they write does not depend on when they commit. */
const SEQUENCES: readonly Workload[] = ['filter-map', 'stream-join', 'join']

/** The whole sequence of keys and values. */
class SequenceDigest implements OutputDigest {
  private readonly hash = createHash('sha256')
  private readonly pending = Buffer.allocUnsafe(1 << 16)
  private filled = 0
  private size = 0

  add(source: Buffer, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void {
    this.size++
    this.part(source, keyStart, keyEnd)
    this.part(source, valueStart, valueEnd)
  }

  /** With its length in front, so that bytes cannot move from one part to the next unseen. */
  private part(source: Buffer, start: number, end: number): void {
    if (this.filled + 4 + end - start > this.pending.length) this.flush()
    this.filled = this.pending.writeUInt32BE(end - start, this.filled)
    this.filled += source.copy(this.pending, this.filled, start, end)
  }

  private flush(): void {
    this.hash.update(this.pending.subarray(0, this.filled))
    this.filled = 0
  }

  result(): PartitionResult {
    this.flush()
    return { size: this.size, sha256: this.hash.digest('hex') }
  }
}

/** The last value of each key that has one: one entry a key of one partition is all that is held. */
class LastValuesDigest implements OutputDigest {
  private readonly values = new Map<string, string>()

  add(source: Buffer, keyStart: number, keyEnd: number, valueStart: number, valueEnd: number): void {
    const key = source.toString('latin1', keyStart, keyEnd)
    if (valueEnd < valueStart) this.values.delete(key)
    else this.values.set(key, source.toString('latin1', valueStart, valueEnd))
  }

  result(): PartitionResult {
    const sequence = new SequenceDigest()
    for (const key of [...this.values.keys()].sort()) {
      const entry = Buffer.from(key + this.values.get(key)!, 'latin1')
      sequence.add(entry, 0, key.length, key.length, entry.length)
    }
    return sequence.result()
  }
}

/** Where two results differ, in words; undefined where they are equal. */
export function difference(expected: readonly PartitionResult[], actual: readonly PartitionResult[]) {
  for (const [partition, { size, sha256 }] of expected.entries()) {
    const other = actual[partition]
    if (other === undefined) return `partition ${partition} is missing`
    if (other.size !== size) return `partition ${partition}: ${other.size} entries instead of ${size}`
    if (other.sha256 !== sha256) return `partition ${partition}: other contents in ${size} entries`
  }
  return expected.length === actual.length
    ? undefined
    : `${actual.length} partitions instead of ${expected.length}`
}
