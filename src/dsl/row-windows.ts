import { SessionWindows } from '../windows/session-windows.js'
import { SlidingWindows } from '../windows/sliding-windows.js'
import type { TimeWindows } from '../windows/time-windows.js'
import { UnlimitedWindows } from '../windows/unlimited-windows.js'
import type { RowWindows } from './table-state.js'

/**
 * What the rows of an aggregation by windows are of.
 *
 * @param allowed how long a window takes records after it has closed, milliseconds
 */
export function rowWindows(
  windows: TimeWindows | SlidingWindows | SessionWindows,
  allowed: number,
): RowWindows {
  if (windows instanceof SessionWindows) {
    return { closesAfter: windows.retention + allowed, size: 0, includesEnd: true }
  }
  const { size, graceMs } = windows
  // An unlimited window has no end.
  const closesAfter = windows instanceof UnlimitedWindows ? Number.POSITIVE_INFINITY : graceMs + allowed
  return { closesAfter, size, includesEnd: windows instanceof SlidingWindows }
}
