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

/** How often every kind must happen in a run: three times in five minutes, and once in the shortest. */
export const requiredTimes = (minutes: number): number =>
  Math.max(1, Math.floor((TIMES_IN_FULL_RUN * minutes) / FULL_RUN_MINUTES))

export interface FaultLog {
  /** How often each kind was seen to happen. */
  readonly byKind: Record<FaultKind, number>
  /** The same of the points of a commit at which workers were killed. */
  readonly byKillPoint: Record<string, number>
  /** The longest time between two faults. */
  longestQuietMs: number
}

type Successive = keyof typeof FAULTS

/**
 * Lets faults happen one after the other, in an order that a seed decides, each kind as often as every other; and
 * meanwhile responses are lost.
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

  private complete(times: number): boolean {
    return Object.values(this.log.byKind).every((count) => count >= times)
  }

  /** Goes on for a time, and until every kind has happened so often. */
  async run(milliseconds: number, times: number): Promise<void> {
    const end = performance.now() + milliseconds
    const over = new AbortController()
    const { cluster } = this
    const random = new SeededRandom(this.random.next() * 2 ** 32)
    const losing = loseResponses({ cluster, random }, () => this.lostResponse(), over.signal)
    try {
      while (performance.now() < end || !this.complete(times)) await this.next()
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
    if (this.deck.length === 0) this.deck = this.random.shuffled(Object.keys(FAULTS) as Successive[])
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
    }
  }

  private nextKillPoint(): string {
    if (this.points.length === 0) this.points = this.random.shuffled(this.killPoints)
    const point = this.points.shift()!
    this.log.byKillPoint[point]!++
    return point
  }
}
