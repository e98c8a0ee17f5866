import type { Result } from './plan.js'
import type { SpecifiedOperator } from './specified-operator.js'
import { SpecifiedWindows } from './specified-windows.js'

/**
 * Windows whose rows, as they close, go into windows twice as long, each for itself. A row is as old as what is in its
 * window, and comes out when event time is past that: for the second windows event time is behind by that much, and no
 * row is late for them.
 */
export class SpecifiedWindowsInTurn implements SpecifiedOperator {
  private readonly first: SpecifiedWindows
  private readonly second: SpecifiedWindows
  private now = -1

  constructor(
    private readonly size: number,
    private readonly grace: number,
  ) {
    this.first = new SpecifiedWindows(size, size, { emits: 'on close', grace, allowedLateness: 0 })
    this.second = new SpecifiedWindows(2 * size, 2 * size, {
      emits: 'on close',
      grace: 0,
      allowedLateness: 0,
    })
    this.first.emit = (key, row, timestamp) => {
      const [start, ...values] = row!.split(' ')
      this.second.take('', `${key} ${start}`, values.join(' '), timestamp, this.now)
    }
  }

  take(topic: string, key: string, value: string, timestamp: number, now: number): void {
    this.first.take(topic, key, value, timestamp, now)
  }

  advance(now: number): void {
    this.first.advance(now)
    this.now = Math.max(-1, now - this.size - this.grace)
    this.second.advance(this.now)
  }

  pass(clock: number): void {
    this.first.pass(clock)
    this.second.pass(clock)
  }

  takeResults(): readonly Result[] {
    if (this.second.late > 0) throw new Error('rows of windows that have closed are late')
    return [...this.first.takeResults(), ...this.second.takeResults()]
  }

  get late(): number {
    return this.first.late
  }
}
