import { SpecifiedTimers } from '../time/model/specified-timers.js'
import { SpecifiedTriggeredWindows } from '../time/model/specified-triggered-windows.js'
import { specifiedTriggers } from '../time/model/specified-triggers.js'
import { entryOf, RULES } from './journal.js'

const { count, continuousEventTime, eventTime } = specifiedTriggers

/** The windows of which results are written down, by name. */
const WINDOWS = {
  slot: () =>
    new SpecifiedTriggeredWindows(
      { size: 500, advance: 500, grace: 300 },
      eventTime(continuousEventTime(150), count(2)),
      'discarding',
    ),
  visit: () => new SpecifiedTriggeredWindows({ gap: 130, grace: 400 }, eventTime(count(3), count(2))),
}

/** What a task writes down of given records, as event time is shown to it. */
export class SpecifiedJournal {
  readonly entries: string[] = []
  private readonly windows: readonly [name: string, windows: SpecifiedTriggeredWindows][]
  private readonly timers = new SpecifiedTimers(RULES)
  private now = -1

  constructor() {
    this.windows = Object.entries(WINDOWS).map(([name, windowsOf]) => {
      const windows = windowsOf()
      windows.emit = (key, row, timestamp) => this.enter(key, `${name} ${row}`, timestamp)
      return [name, windows]
    })
    this.timers.emit = (key, text) => this.entries.push(`${key} timer ${text}`)
  }

  /** Everything earlier than `now` has come. */
  advance(now: number): void {
    for (const [, windows] of this.windows) windows.advance(now)
    this.now = now
    this.timers.advance(now)
  }

  take(key: string, id: string, timestamp: number): void {
    for (const [name, windows] of this.windows) {
      windows.take('', key, id, timestamp, this.now)
      if (windows.takeResults().length > 0) this.enter(key, `${id} is late for a ${name}`, timestamp)
    }
    this.enter(key, `record ${id}`, timestamp)
  }

  private enter(key: string, what: string, timestamp: number): void {
    this.entries.push(entryOf(`${key} ${what} @${timestamp}`, Math.max(-1, this.now - 1)))
    this.timers.take('', key, what, timestamp, this.now)
  }
}
