import type { Duration } from '../time/duration.js'

/**
 * Where to begin on a partition that has no committed offset: with the first record, with the next one, or with the
 * first one that is not older than a duration (KIP-1106); `none` refuses to begin.
 */
export type OffsetReset = 'earliest' | 'latest' | 'none' | { readonly byDuration: Duration }

/** The same with the duration in milliseconds. */
export type ResolvedOffsetReset = 'earliest' | 'latest' | 'none' | { readonly byDurationMs: number }
