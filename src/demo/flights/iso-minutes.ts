const MINUTE_MS = 60_000
const MINUTES_OF_DAY = 1440

/** Writes whole minutes as `Date.toISOString` does, from tables: that call would be most of the cost of a record. */
export class IsoMinutes {
  private readonly days = new Map<number, string>()
  private readonly times: readonly string[] = Array.from({ length: MINUTES_OF_DAY }, (_, minute) =>
    new Date(minute * MINUTE_MS).toISOString().slice(10),
  )

  /** @param timestamp epoch milliseconds >= 0, a whole minute */
  format(timestamp: number): string {
    const minutes = timestamp / MINUTE_MS
    const day = Math.floor(minutes / MINUTES_OF_DAY)
    let text = this.days.get(day)
    if (text === undefined) {
      text = new Date(timestamp).toISOString().slice(0, 10)
      this.days.set(day, text)
    }
    return text + this.times[minutes - day * MINUTES_OF_DAY]
  }
}
