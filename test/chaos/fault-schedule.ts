import type { ChaosCluster } from './chaos-cluster.js'
import { FAULT_KINDS, FAULTS, type FaultContext, type FaultKind, KILL_POINTS, quiet } from './faults.js'
import type { ChaosOptions } from './options.js'
import type { SeededRandom } from './seeded-random.js'

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

/** Lets faults happen one after the other, in an order that a seed decides, each kind as often as every other. */
export class FaultSchedule {
  readonly log: FaultLog
  private deck: FaultKind[] = []
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

  /** Whether every kind has happened so often. */
  complete(times: number): boolean {
    return Object.values(this.log.byKind).every((count) => count >= times)
  }

  /** The next fault, and some quiet after it. */
  async next(): Promise<void> {
    if (this.deck.length === 0) this.deck = this.random.shuffled(FAULT_KINDS)
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
