import type { WatermarkClock } from '../time/event-clock.js'
import { combinedEventTime, END_OF_TIME, type InputWatermark } from '../time/input-watermark.js'
import type { QuietTime } from '../time/quiet-time.js'
import { TimeGate } from '../time/time-gate.js'

/** Where event time arrives on its way down: at an operator that decides by it, or at a sink. */
export interface TimeStage {
  readonly clock: WatermarkClock
  /** By source, or gate on the way: how far the time is behind that of it when it gets here, milliseconds. */
  readonly behind: ReadonlyMap<number | TimeGate, number>
}

/** A gate on the way, and how far behind it time is. */
type BehindGate = readonly [gate: TimeGate, behind: number]

/** A stage, as it is looked at after every record. */
interface Way {
  readonly clock: WatermarkClock
  /** The sources, and beside them how far behind each time is. */
  readonly sources: readonly number[]
  readonly behind: readonly number[]
  readonly gates: readonly BehindGate[]
}

/** A task as time sees it that goes through it. */
export interface FlowingTask {
  /** Whether something that an operator has begun is to be done first. */
  readonly busy: boolean
  /** No record is in hand. */
  begin(): void
  /** Takes the time that has reached every operator. */
  readonly time: {
    streamTime: number
    /** Up to here no schedule is to fire. */
    readonly streamTimeFires: number
    /** Has it be as far as an input. */
    follow(quiet: QuietTime): void
  }
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
  /** By source: how far event time has come. Of doubles, which are written without making an object. */
  private readonly times: Float64Array
  private readonly idle: boolean[]
  private readonly everySource: readonly number[]
  private readonly behindNone: readonly number[]
  private stages: readonly Way[] = []
  /** Whether time that arrives anywhere has something happen. */
  private listened = false
  /** Where there is one source, of one input: this one. Operators look up its time where nothing happens for it. */
  private lone: InputWatermark | undefined
  /** The stage that the time in hand reaches next. */
  private at = 0

  /**
   * @param committed by source: how far event time had come
   */
  constructor(
    committed: readonly number[],
    private readonly task: FlowingTask,
  ) {
    this.times = Float64Array.from(committed)
    this.inputs = committed.map(() => [])
    this.idle = committed.map(() => false)
    this.everySource = committed.map((_, source) => source)
    this.behindNone = committed.map(() => 0)
  }

  /** Sets the way down, once. Time that was committed goes on from where it was. */
  lead(stages: readonly TimeStage[]): void {
    this.stages = stages.map(({ clock, behind }) => {
      const sources = [...behind].filter((each): each is [number, number] => typeof each[0] === 'number')
      return {
        clock,
        sources: sources.map(([source]) => source),
        behind: sources.map(([, by]) => by),
        gates: [...behind].filter((each): each is [TimeGate, number] => each[0] instanceof TimeGate),
      }
    })
    this.listened = stages.some(({ clock }) => clock.listened)
  }

  /** A gate lets more time pass. */
  passed(): void {
    this.reach()
  }

  /** Has an input take part from now on; {@link begin} follows when all do. */
  join(source: number, input: InputWatermark): void {
    this.inputs[source]!.push(input)
    this.hold()
    this.lone = this.inputs.length === 1 && this.inputs[0]!.length === 1 ? input : undefined
    if (this.lone === undefined) return
    this.task.time.follow(input.quiet)
    for (const { clock, behind, gates } of this.stages) {
      if (gates.length === 0) clock.follow(input.quiet, behind[0]!)
    }
  }

  /** Time is to be told before it goes on: something that happens may have to be done first, or be sooner than was known. */
  hold(): void {
    if (this.lone !== undefined) this.lone.quiet.until = Number.NEGATIVE_INFINITY
  }

  /**
   * Begins with the inputs that have joined: what the first of them knows does not count before the others are there. Time
   * that has not reached an operator which hears of it waits for {@link goOn}: what it has happen is the task's to do, in
   * the task's turn, and is committed with it.
   */
  begin(): void {
    for (let source = 0; source < this.inputs.length; source++) {
      if (this.inputs[source]!.length > 0) this.note(source)
    }
    this.at = 0
    if (this.task.busy) return
    for (; this.pending; this.at++) {
      const way = this.stages[this.at]!
      const now = this.timeOf(way)
      if (now <= way.clock.now) continue
      if (way.clock.listened) return
      way.clock.advance(now)
    }
    this.goOn()
  }

  /** Takes note that an input of a source has come further, has become idle, or is so no more. */
  advance(source: number): void {
    const { lone } = this
    const quietly = lone !== undefined && !lone.idle && lone.quiet.pass(lone.eventTime)
    if (!quietly && this.note(source)) this.reach()
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
    this.hold()
    if (!this.task.busy) this.goOn()
  }

  /** Whether time has not reached every operator yet: the next record is to wait for {@link goOn}. */
  get pending(): boolean {
    return this.at < this.stages.length
  }

  /** Carries time on, up to where an operator has begun something. */
  goOn(): void {
    const { stages, listened, task } = this
    const lone = this.lone !== undefined
    this.catchUp()
    if (listened) task.begin()
    while (this.at < stages.length) {
      const way = stages[this.at++]!
      const now = this.timeOf(way)
      if (now < 0) continue
      way.clock.advance(now)
      if (listened && task.busy) return
    }
    const arrived = lone ? this.times[0]! : this.eventTime
    if (arrived > task.time.streamTime) task.time.streamTime = arrived
    if (this.lone !== undefined && !this.idle[0]!) this.lone.quiet.until = this.nextTold()
  }

  /** Takes note of the time that has passed quietly. */
  private catchUp(): void {
    const { lone, times } = this
    if (lone !== undefined && lone.quiet.now > times[0]!) times[0] = lone.quiet.now
  }

  /** The time that reaches a stage. */
  private timeOf({ sources, behind, gates }: Way): number {
    let now =
      this.lone !== undefined && this.times[0]! < END_OF_TIME
        ? this.times[0]! - behind[0]!
        : this.least(sources, behind)
    for (let index = 0; index < gates.length; index++) {
      const [gate, by] = gates[index]!
      if (gate.time - by < now) now = gate.time - by
    }
    return now
  }

  /** Up to which time of the lone input nothing happens. */
  private nextTold(): number {
    let until = Math.min(END_OF_TIME, this.task.time.streamTimeFires)
    for (const { clock, behind, gates } of this.stages) {
      until = gates.length === 0 ? Math.min(until, clock.quietUntil + behind[0]!) : Number.NEGATIVE_INFINITY
    }
    return until
  }

  /** What everything that is read has come to; -1: of something nothing is known yet. */
  get eventTime(): number {
    this.catchUp()
    return this.least(this.everySource, this.behindNone)
  }

  /** Whether nothing is to come that others are to wait for, from no input nor gate. */
  get isIdle(): boolean {
    if (this.stages.some(({ gates }) => gates.some(([gate]) => gate.closed))) return false
    return this.idle.every((idle, source) => idle || this.inputs[source]!.length === 0)
  }

  /** The least time of sources that are read and not idle; the greatest where all are idle. */
  private least(sources: readonly number[], behind: readonly number[]): number {
    let least = Number.POSITIVE_INFINITY
    let greatest = -1
    for (let index = 0; index < sources.length; index++) {
      const source = sources[index]!
      if (this.inputs[source]!.length === 0) continue
      // Nothing is held back behind the end.
      const come = this.times[source]!
      const time = come < END_OF_TIME ? come - behind[index]! : come
      if (time > greatest) greatest = time
      if (!this.idle[source]! && time < least) least = time
    }
    return least === Number.POSITIVE_INFINITY ? greatest : least
  }

  /** By source, as it is committed. */
  get committed(): readonly number[] {
    this.catchUp()
    return [...this.times]
  }
}
