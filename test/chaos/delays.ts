import type { SeededRandom } from './seeded-random.js'

/** What comes later than a watermark waits for that is a second behind, and what is out of order in time. */
const LATE_SHARE = 0.05
const LATEST_MS = 7_000
const DISORDERED_SHARE = 0.3
const DISORDER_MS = 900

/** How long before it is published an event happened, milliseconds. */
export function delayed(random: SeededRandom): number {
  const kind = random.next()
  if (kind < LATE_SHARE) return Math.floor(random.next() * LATEST_MS)
  return kind < LATE_SHARE + DISORDERED_SHARE ? Math.floor(random.next() * DISORDER_MS) : 0
}
