import type { Verdict } from './chaos-verifier.js'
import { type FaultLog, requiredKills, requiredTimes } from './fault-schedule.js'
import type { ChaosOptions } from './options.js'
import { LONGEST_QUIET_MS } from './settings.js'
import { WORKLOADS } from './workloads.js'

/** What the harness itself has seen. */
interface Seen {
  /** Events that the publisher has counted. */
  readonly published: number
  /** Local stores that workers have found corrupt. */
  readonly corrupt: number
}

/** What a run came to. */
export interface ChaosReport extends Omit<Verdict, 'differences'> {
  readonly topology: ChaosOptions['topology']
  readonly seed: number
  readonly minutes: number
  readonly guarantee: ChaosOptions['guarantee']
  readonly offeredPerSecond: number
  /** Events that the publisher has counted. */
  readonly published: number
  readonly faults: FaultLog['byKind']
  readonly killPoints: FaultLog['byKillPoint']
  readonly longestQuietSeconds: number
  /** Why the run is no proof, or what it has disproved; empty where all is well. */
  readonly failures: readonly string[]
}

export function reportOf(options: ChaosOptions, log: FaultLog, seen: Seen, verdict: Verdict): ChaosReport {
  const { topology, seed, minutes, guarantee } = options
  const { differences, ...counts } = verdict
  const failures = failuresOf(guarantee, seen, verdict)
  return {
    topology,
    seed,
    minutes,
    guarantee,
    ...counts,
    offeredPerSecond: WORKLOADS[topology].perSecond,
    published: seen.published,
    faults: log.byKind,
    killPoints: log.byKillPoint,
    longestQuietSeconds: Math.round(log.longestQuietMs / 100) / 10,
    failures: [...voidReasons(minutes, log), ...failures, ...(failures.length > 0 ? differences : [])],
  }
}

/** A run in which too little happened proves nothing. */
function voidReasons(minutes: number, log: FaultLog): string[] {
  const reasons = [
    ...rareOf(log.byKind, requiredTimes(minutes)),
    ...rareOf(log.byKillPoint, requiredKills(minutes)).map((rare) => `kill ${rare}`),
  ]
  if (log.longestQuietMs > LONGEST_QUIET_MS) {
    reasons.push(`nothing happened for ${Math.round(log.longestQuietMs / 1000)} s`)
  }
  return reasons
}

const rareOf = (counts: Readonly<Record<string, number>>, times: number): string[] =>
  Object.entries(counts)
    .filter(([, count]) => count < times)
    .map(([what, count]) => `${what} happened ${count} times of ${times}`)

function failuresOf(
  guarantee: ChaosOptions['guarantee'],
  { published, corrupt }: Seen,
  verdict: Verdict,
): string[] {
  const {
    recordsIn,
    recordsVerified,
    lost,
    duplicated,
    reordered,
    wrongResults,
    openTransactions,
    storesEqual,
  } = verdict
  const failures: string[] = []
  if (recordsVerified === 0) failures.push('nothing was verified')
  if (recordsIn !== published) {
    failures.push(`${published} events were published, ${recordsIn} of the input are committed`)
  }
  if (corrupt > 0) failures.push(`${corrupt} local stores were taken for corrupt: no fault here damages one`)
  if (lost > 0) failures.push(`${lost} results are lost`)
  if (openTransactions > 0) failures.push(`${openTransactions} transactions are open`)
  if (guarantee === 'at_least_once') {
    if (duplicated === 0) failures.push('at_least_once shows no duplicates: the verifier would not see any')
    return failures
  }
  if (duplicated > 0) failures.push(`${duplicated} results are there more than once`)
  if (reordered > 0) failures.push(`${reordered} results are out of order`)
  if (wrongResults > 0) failures.push(`${wrongResults} results are wrong`)
  if (!storesEqual) failures.push('a store is not what its changelog or the input says')
  return failures
}
