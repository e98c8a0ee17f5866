import { timeText } from './text.js'

const TICK_COLUMNS = 6
const MOST_TICKS = 10
const TICKS = [1, 10, 100]
  .concat([1, 2, 5, 10, 15, 30].map((seconds) => seconds * 1_000))
  .concat([1, 2, 5, 10, 15, 30].map((minutes) => minutes * 60_000))
  .concat([1, 2, 6, 12, 24, 48, 168].map((hours) => hours * 3_600_000))

/** Places points in time on columns, from the epoch on. */
export class TimeAxis {
  private readonly tick: number
  private readonly ticks: number

  constructor(end: number) {
    // Half seconds are harder to read than a short axis.
    const least = Math.min(end, 1_000)
    const tick = TICKS.find((tick) => tick >= least && end / tick <= MOST_TICKS)
    if (tick === undefined) throw new Error(`a timeline to ${end} ms is longer than a page shows`)
    this.tick = tick
    this.ticks = Math.ceil(end / tick)
  }

  get width(): number {
    return this.ticks * TICK_COLUMNS + 1
  }

  column(time: number): number {
    return Math.min(this.width - 1, Math.round((time / this.tick) * TICK_COLUMNS))
  }

  /** The times at the ticks, and the axis below them. */
  lines(): readonly [times: string, axis: string] {
    const times = Array.from({ length: this.ticks + 1 }, (_, index) =>
      timeText(index * this.tick).padEnd(TICK_COLUMNS),
    )
    return [times.join('').trimEnd(), `${`|${'-'.repeat(TICK_COLUMNS - 1)}`.repeat(this.ticks)}|`]
  }
}
