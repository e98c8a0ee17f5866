import { END_OF_TIME, LAST_TIMESTAMP } from '../src/time/input-watermark.js'
import { GlobalWindows } from '../src/windows/global-windows.js'
import { SessionWindows } from '../src/windows/session-windows.js'
import type { TimeWindows } from '../src/windows/time-windows.js'
import { type Window, windowEnd } from '../src/windows/window.js'

/** Windows that triggers are for. */
export type TriggeredWindows = TimeWindows | SessionWindows | GlobalWindows

/** Which windows a record is in, and when these are over. */
export interface WindowAssigner {
  /** The windows of a record, by their start; of sessions one of the record alone. */
  windowsOf(timestamp: number): readonly Window[]
  /** The last timestamp of a window. */
  maxTimestamp(window: Window): number
  /** When nothing comes for a window any more: as soon as everything up to this time has come; infinite: never. */
  goneAfter(window: Window): number
  /** How far records of a session may be from another; undefined: windows are what they are. */
  readonly gap: number | undefined
}

class GridAssigner implements WindowAssigner {
  readonly gap = undefined

  constructor(private readonly windows: TimeWindows) {}

  windowsOf(timestamp: number): readonly Window[] {
    const { windows } = this
    const list: Window[] = []
    for (let start = windows.firstStart(timestamp); start <= timestamp; start += windows.advance) {
      list.push({ start, end: windowEnd(start, windows.size) })
    }
    return list
  }

  maxTimestamp({ end }: Window): number {
    return Math.min(end - 1, LAST_TIMESTAMP)
  }

  goneAfter({ end }: Window): number {
    return end > END_OF_TIME ? Number.POSITIVE_INFINITY : end - 1 + this.windows.graceMs
  }
}

class SessionAssigner implements WindowAssigner {
  readonly gap: number

  constructor(private readonly windows: SessionWindows) {
    this.gap = windows.gap
  }

  windowsOf(timestamp: number): readonly Window[] {
    return [{ start: timestamp, end: timestamp }]
  }

  maxTimestamp({ end }: Window): number {
    return Math.min(end + this.gap, LAST_TIMESTAMP)
  }

  goneAfter({ end }: Window): number {
    return end + this.gap + this.windows.graceMs
  }
}

class GlobalAssigner implements WindowAssigner {
  readonly gap = undefined
  private readonly all: readonly Window[]

  constructor({ window }: GlobalWindows) {
    this.all = [window]
  }

  windowsOf(): readonly Window[] {
    return this.all
  }

  maxTimestamp(): number {
    return LAST_TIMESTAMP
  }

  goneAfter(): number {
    return Number.POSITIVE_INFINITY
  }
}

export function windowAssigner(windows: TriggeredWindows): WindowAssigner {
  if (windows instanceof SessionWindows) return new SessionAssigner(windows)
  if (windows instanceof GlobalWindows) return new GlobalAssigner(windows)
  return new GridAssigner(windows)
}
