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
 * - `hopping` counts records by key in windows of one minute that begin every 10 seconds, without grace: key as for
 *   `window`, value an int64. Equal: as for `count`.
 * - `sliding` counts records by key in sliding windows of 10 seconds, without grace: key as for `window`, value an int64.
 *   Equal: as for `count`.
 * - `session` counts records by key in sessions with a gap of 5 seconds and a grace of 5 seconds. Its input is one of its
 *   own, in which one record in four is up to 3 seconds older than those before it. Key the user's bytes and the session's
 *   end and start, value an int64; sessions that became part of another one are deleted. Equal: as for `count`, of the
 *   keys whose last value is not null.
 * - `stream-join` joins the events of the type `view` with those of the type `sale` of the same user that are at most 10
 *   seconds away, without grace, and writes `{view, sale}`, the ids of both, as JSON under the user. Equal: as for
 *   `filter-map`.
 *
 * - `join` joins the events with a table of the users' profiles (inner: events without one are dropped) and writes
 *   `{id, amount, country, plan}`, two fields of each, as JSON under the user. The table is a topic of its own: JSON records
 *   of about 90 bytes, `{user, country, plan, since, pad}`, one for each user but one in 20, who has events only. Their
 *   timestamps are before those of the events, so that both sides, which take records in the order of their timestamps,
 *   have read it before they join. Its records count among those processed. Equal: as for `filter-map`.
 *
 * How much all but `filter-map` and the joins write depends on how far each side's record cache coalesces updates between
 * commits.
 */
export const WORKLOADS = [
  'filter-map',
  'count',
  'window',
  'hopping',
  'sliding',
  'session',
  'stream-join',
  'join',
] as const

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

/** A row of the table of `join`. */
export interface Profile {
  readonly user: string
  readonly country: string
  readonly plan: string
  readonly since: number
  readonly pad: string
}

export const PARTITIONS = 4
/** The topic of the table of `join`. */
export const PROFILES_TOPIC = 'bench-profiles'
export const KEPT_TYPE = 'sale'
export const JOINED_TYPE = 'view'
export const WINDOW_SIZE = 60_000
export const HOP = 10_000
export const SLIDING_SIZE = 10_000
export const SESSION_GAP = 5_000
export const SESSION_GRACE = 5_000
export const JOIN_WINDOW = 10_000

const USERS = 10_000
const TYPES = [JOINED_TYPE, 'cart', KEPT_TYPE] as const
const WITHOUT_PROFILE_ONE_IN = 20
const COUNTRIES = ['AT', 'BR', 'CA', 'DE', 'FR', 'IN', 'JP', 'US'] as const
const PLANS = ['free', 'basic', 'business'] as const
const FIRST_YEAR = 2010
const YEARS = 15
const LARGEST_AMOUNT = 100_000
const PAD = 'abcdefghijklmnopqrs'
const LATE_ONE_IN = 4
const LATEST_MS = 3_000

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

/** The rows of the table of `join`, one a user who has a profile. */
export const profiles = (): Profile[] =>
  Array.from({ length: USERS }, (_, index) => index)
    .filter((index) => scramble(index, 5) % WITHOUT_PROFILE_ONE_IN !== 0)
    .map((index) => ({
      user: userName(index),
      country: COUNTRIES[scramble(index, 6) % COUNTRIES.length]!,
      plan: PLANS[scramble(index, 7) % PLANS.length]!,
      since: FIRST_YEAR + (scramble(index, 8) % YEARS),
      pad: PAD,
    }))

/** How far the record at a position lies behind its time, in the input whose records are out of order. */
export const lateBy = (id: number): number => (id % LATE_ONE_IN === 0 ? scramble(id, 4) % LATEST_MS : 0)

/** Mixes the bits of a position and a salt (murmur3's finalizer) into an unsigned 32-bit number. */
export function scramble(id: number, salt: number): number {
  let bits = (Math.imul(id, 0x9e37_79b1) + Math.imul(salt, 0x85eb_ca77)) | 0
  bits = Math.imul(bits ^ (bits >>> 16), 0x85eb_ca6b)
  bits = Math.imul(bits ^ (bits >>> 13), 0xc2b2_ae35)
  return (bits ^ (bits >>> 16)) >>> 0
}
