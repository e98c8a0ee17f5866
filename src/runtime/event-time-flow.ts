import type { WatermarkClock } from '../time/event-clock.js'
import { combinedEventTime, type InputWatermark } from '../time/input-watermark.js'
import { TimeGate } from '../time/time-gate.js'

/** Where event time arrives on its way down: at an operator that decides by it, or at a sink. */
export interface TimeStage {
  readonly clock: WatermarkClock
  /** By source, or gate on the way: how far the time is behind that of it when it gets here, milliseconds. */
  readonly behind: ReadonlyMap<number | TimeGate, number>
}

/** A source, and how far behind it time is. */
type Behind = readonly [source: number, behind: number]

/** A gate on the way, and how far behind it time is. */
type BehindGate = readonly [gate: TimeGate, behind: number]

interface Stage {
  readonly clock: WatermarkClock
  readonly from: readonly Behind[]
  readonly gates: readonly BehindGate[]
}

/** A task as time sees it that goes through it. */
export interface FlowingTask {
  /** Whether something that an operator has begun is to be done first. */
  readonly busy: boolean
  /** No record is in hand. */
  begin(): void
  /** Time has reached every operator. */
  arrived(eventTime: number): void
}

/**
 * Carries event time from the sources of a sub-topology down to its operators, where it comes from watermarks. An
 * operator's time is the least of what reaches it, idle sources left out, less what operators before it hold records back by; it gets there
 * when all has happened that the time is for at the operators before it, so that what these hand on is not late.
 *
 * Sources and operators are known when the processors are; inputs join when the task begins to read them.
 */
export class EventTimeFlow {
  private readonly inputs: InputWatermark[][]
  private readonly idle: boolean[]
  private readonly everything: readonly Behind[]
  private stages: readonly Stage[] = []
  /** The stage that the time in hand reaches next. */
  private at = 0

  /**
   * @param times by source: how far event time has come; what was committed, at first
   */
  constructor(
    private readonly times: number[],
    private readonly task: FlowingTask,
  ) {
    this.inputs = times.map(() => [])
    this.idle = times.map(() => false)
    this.everything = times.map((_, source) => [source, 0])
  }

  /** Sets the way down, once. Time that was committed goes on from where it was. */
  lead(stages: readonly TimeStage[]): void {
    this.stages = stages.map(({ clock, behind }) => ({
      clock,
      from: [...behind].filter((each): each is [number, number] => typeof each[0] === 'number'),
      gates: [...behind].filter((each): each is [TimeGate, number] => each[0] instanceof TimeGate),
    }))
  }

  /** A gate lets more time pass. */
  passed(): void {
    this.reach()
  }

  /** Has an input take part from now on; {@link begin} follows when all do. */
  join(source: number, input: InputWatermark): void {
    this.inputs[source]!.push(input)
  }

  /** Begins with the inputs that have joined: what the first of them knows does not count before the others are there. */
  begin(): void {
    for (let source = 0; source < this.inputs.length; source++) {
      if (this.inputs[source]!.length > 0) this.note(source)
    }
    this.reach()
  }

  /** Takes note that an input of a source has come further, has become idle, or is so no more. */
  advance(source: number): void {
    if (this.note(source)) this.reach()
  }

  /** @returns whether anything has changed */
  private note(source: number): boolean {
    const inputs = this.inputs[source]!
    let idle = true
    for (let at = 0; at < inputs.length; at++) if (!inputs[at]!.idle) idle = false
    const eventTime = inputs.length === 1 ? inputs[0]!.eventTime : combinedEventTime(inputs)
    if (eventTime <= this.times[source]! && idle === this.idle[source]) return false
    if (eventTime > this.times[source]!) this.times[source] = eventTime
    this.idle[source] = idle
    return true
  }

  private reach(): void {
    this.at = 0
    if (!this.task.busy) this.goOn()
  }

  /** Whether time has not reached every operator yet: the next record is to wait for {@link goOn}. */
  get pending(): boolean {
    return this.at < this.stages.length
  }

  /** Carries time on, up to where an operator has begun something. */
  goOn(): void {
    const { stages } = this
    this.task.begin()
    while (this.at < stages.length) {
      const { clock, from, gates } = stages[this.at++]!
      let now = this.least(from)
      for (let index = 0; index < gates.length; index++) {
        const [gate, behind] = gates[index]!
        if (gate.time - behind < now) now = gate.time - behind
      }
      if (now < 0) continue
      clock.advance(now)
      if (this.task.busy) return
    }
    this.task.arrived(this.eventTime)
  }

  /** What everything that is read has come to; -1: of something nothing is known yet. */
  get eventTime(): number {
    return this.least(this.everything)
  }

  /** Whether nothing is to come that others are to wait for, from no input nor gate. */
  get isIdle(): boolean {
    if (this.stages.some(({ gates }) => gates.some(([gate]) => gate.closed))) return false
    return this.idle.every((idle, source) => idle || this.inputs[source]!.length === 0)
  }

  /** The least time of sources that are read and not idle; the greatest where all are idle. */
  private least(from: readonly Behind[]): number {
    let least = Number.POSITIVE_INFINITY
    let greatest = -1
    for (let index = 0; index < from.length; index++) {
      const [source, behind] = from[index]!
      if (this.inputs[source]!.length === 0) continue
      const time = this.times[source]! - behind
      if (time > greatest) greatest = time
      if (!this.idle[source]! && time < least) least = time
    }
    return least === Number.POSITIVE_INFINITY ? greatest : least
  }

  /** By source, as it is committed. */
  get committed(): readonly number[] {
    return this.times
  }
}
