import { parseDuration } from '../time/duration.js'
import type { OffsetReset, ResolvedOffsetReset } from '../topology/offset-reset.js'

/** @throws {InvalidDurationError} naming the source */
export const resolvedReset = (source: string, reset: OffsetReset = 'earliest'): ResolvedOffsetReset =>
  typeof reset === 'object'
    ? { byDurationMs: parseDuration(`${source}: offsetReset.byDuration`, reset.byDuration) }
    : reset
