const DAY_MS = 86_400_000

/** How fast recorded events are published: days of event time per second, or as fast as they can be. */
export type Speed = number | 'max'

/** Says up to which arrival time events are due, `speed` days further each second. */
export class Pace {
  private start: { readonly arrival: number; readonly wall: number } | undefined

  constructor(private readonly speed: Speed) {}

  /** The arrival time that is due at `wall` (milliseconds of any clock); the first call takes `next` as the beginning. */
  dueAt(wall: number, next: number): number {
    if (this.speed === 'max') return Number.POSITIVE_INFINITY
    this.start ??= { arrival: next, wall }
    return this.start.arrival + ((wall - this.start.wall) / 1000) * this.speed * DAY_MS
  }
}
