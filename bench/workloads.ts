/**
 * What is measured. Both sides read the same topic and run the same program with one thread, each with JSON bound
 * the way its users do it; their outputs are equal.
 *
 * Input: `records` JSON records of about 90 bytes, `{id, user, amount, type, pad}`, in 4 partitions. The key is the
 * user, one of 10,000, placed by Kafka's default partitioner; the timestamps are 1 ms apart from the beginning of
 * today (UTC) on; users, amounts (whole numbers) and types (three) are pseudo-random and the same on every run.
 *
 * - `filter-map` parses each record, keeps the type `sale`, writes `{id, amount}` as JSON under the same key. Equal:
 *   every partition of the output holds the same sequence of keys and values.
 * - `count` counts records by key (the values are parsed) and writes the changes: key the user, value an int64.
 *   Equal: the same distinct keys, each with the same last value, in each partition.
 * - `window` sums `amount` by key in tumbling windows of one minute without grace and writes the changes: key the
 *   user's bytes and the window's start as an int64, value a float64. Equal: as for `count`.
 *
 * How much `count` and `window` write depends on how far each side's record cache coalesces updates between commits.
 */
export const WORKLOADS = ['filter-map', 'count', 'window'] as const

export type Workload = (typeof WORKLOADS)[number]

export const GUARANTEES = ['exactly_once', 'at_least_once'] as const

export type Guarantee = (typeof GUARANTEES)[number]

/** A record of the input. */
export interface Event {
  readonly id: number
  readonly user: string
  readonly amount: number
  readonly type: string
  readonly pad: string
}

export const PARTITIONS = 4
export const KEPT_TYPE = 'sale'
export const WINDOW_SIZE = 60_000

const USERS = 10_000
const TYPES = ['view', 'cart', KEPT_TYPE] as const
const LARGEST_AMOUNT = 100_000
const PAD = 'abcdefghijklmnopqrs'

export const userName = (index: number): string => `user-${String(index).padStart(5, '0')}`

/** The event at a position of the input: the same on every machine and run. */
export function eventAt(id: number): Event {
  return {
    id,
    user: userName(scramble(id, 1) % USERS),
    amount: (scramble(id, 2) % LARGEST_AMOUNT) + 1,
    type: TYPES[scramble(id, 3) % TYPES.length]!,
    pad: PAD,
  }
}

/** Mixes the bits of a position and a salt (murmur3's finalizer) into an unsigned 32-bit number. */
export function scramble(id: number, salt: number): number {
  let bits = (Math.imul(id, 0x9e37_79b1) + Math.imul(salt, 0x85eb_ca77)) | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
