import type { PauseReason } from './stream-metrics.js'

/** For how long the inputs of a thread were paused, milliseconds added up over partitions, by `topic:reason`. */
export class PausedTime {
  private readonly totals = new Map<string, number>()

  add(topic: string, reason: PauseReason, ms: number): void {
    const key = `${topic}:${reason}`
    this.totals.set(key, (this.totals.get(key) ?? 0) + ms)
  }

  /** With what lasts still. */
  with(ongoing: readonly InputPause[], now: number): Readonly<Record<string, number>> {
    const all = new PausedTime()
    for (const [key, ms] of this.totals) all.totals.set(key, ms)
    for (const { topic, reason, since } of ongoing) {
      if (reason !== undefined) all.add(topic, reason, now - since)
    }
    return Object.fromEntries(all.totals)
  }
}

/** Whether an input partition is read on from, and if not, why and since when. */
export class InputPause {
  reason: PauseReason | undefined
  since = 0
  /** The schema that it waits for. */
  schema: string | undefined

  /** @param topic its name in Kafka */
  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly time: PausedTime,
  ) {}

  /**
   * @param reason undefined: it is read on from
   * @param schema what it waits for where that is the reason
   */
  is(reason: PauseReason | undefined, now: number, schema?: string): void {
    this.schema = schema
    if (reason === this.reason) return
    if (this.reason !== undefined) this.time.add(this.topic, this.reason, now - this.since)
    this.reason = reason
    this.since = now
  }
}
