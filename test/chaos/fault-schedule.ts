import type { ChaosCluster } from './chaos-cluster.js'
import {
  FAULT_KINDS,
  FAULTS,
  type FaultContext,
  type FaultKind,
  KILL_POINTS,
  loseResponses,
  quiet,
} from './faults.js'
import type { ChaosOptions } from './options.js'
import { SeededRandom } from './seeded-random.js'

const FULL_RUN_MINUTES = 5
const TIMES_IN_FULL_RUN = 3
/** There are more points of a commit than kinds of faults. */
const DECK = [...Object.keys(FAULTS), 'kill-in-commit'] as Successive[]

/** How often every kind must happen in a run: three times in five minutes, and once in the shortest. */
export const requiredTimes = (minutes: number): number =>
  Math.max(1, Math.floor((TIMES_IN_FULL_RUN * minutes) / FULL_RUN_MINUTES))

/** How often a worker must be killed at every point of a commit: once in five minutes. */
export const requiredKills = (minutes: number): number => Math.floor(minutes / FULL_RUN_MINUTES)

export interface FaultLog {
  /** How often each kind was seen to happen. */
  readonly byKind: Record<FaultKind, number>
  /** The same of the points of a commit at which workers have killed themselves. */
  readonly byKillPoint: Record<string, number>
  /** The longest time between two faults. */
  longestQuietMs: number
}

type Successive = keyof typeof FAULTS

/**
 * Lets faults happen one after the other, in an order that a seed decides, each kind as often as every other,
 * kills in the middle of commits twice as often; and meanwhile responses are lost.
 */
export class FaultSchedule {
  readonly log: FaultLog
  private deck: Successive[] = []
  private points: string[] = []
  private lastAt = performance.now()

  constructor(
    private readonly cluster: ChaosCluster,
    private readonly guarantee: ChaosOptions['guarantee'],
    private readonly random: SeededRandom,
    private readonly say: (text: string) => void,
  ) {
    this.log = {
      byKind: Object.fromEntries(FAULT_KINDS.map((kind) => [kind, 0])) as Record<FaultKind, number>,
      byKillPoint: Object.fromEntries(this.killPoints.map((point) => [point, 0])),
      longestQuietMs: 0,
    }
  }

  private get killPoints(): string[] {
    return KILL_POINTS[this.guarantee].flatMap((step) => [`before ${step}`, `after ${step}`])
  }

  private complete(minutes: number): boolean {
    const { byKind, byKillPoint } = this.log
    return (
      Object.values(byKind).every((count) => count >= requiredTimes(minutes)) &&
      Object.values(byKillPoint).every((count) => count >= requiredKills(minutes))
    )
  }

  /** Goes on for a time, and until every kind has happened as often as it must. */
  async run(minutes: number): Promise<void> {
    const end = performance.now() + minutes * 60_000
    const over = new AbortController()
    const { cluster } = this
    const random = new SeededRandom(this.random.next() * 2 ** 32)
    const losing = loseResponses({ cluster, random }, () => this.lostResponse(), over.signal)
    try {
      while (performance.now() < end || !this.complete(minutes)) await this.next()
    } finally {
      over.abort()
      await losing
    }
  }

  private lostResponse(): void {
    this.strikes()
    this.log.byKind['lost-end-txn-response']++
    this.say(`lost a response of ${this.cluster.endOfCommit}`)
  }

  /** The next fault, and some quiet after it. */
  private async next(): Promise<void> {
    if (this.deck.length === 0) this.deck = this.random.shuffled(DECK)
    const kind = this.deck.shift()!
    this.say(kind)
    const happened = await FAULTS[kind](this.context)
    if (happened) this.log.byKind[kind]++
    else this.deck.push(kind)
    await quiet(this.random)
  }

  private strikes(): void {
    const { log } = this
    const now = performance.now()
    log.longestQuietMs = Math.max(log.longestQuietMs, now - this.lastAt)
    this.lastAt = now
  }

  private get context(): FaultContext {
    const { cluster, random, say } = this
    return {
      cluster,
      random,
      say,
      strikes: () => this.strikes(),
      lasted: () => {
        this.lastAt = performance.now()
      },
      nextKillPoint: () => this.nextKillPoint(),
      killedAt: (point) => {
        this.log.byKillPoint[point]!++
      },
    }
  }

  private nextKillPoint(): string {
    if (this.points.length === 0) this.points = this.random.shuffled(this.killPoints)
    return this.points.shift()!
  }
}
