import type { SpanRow } from './span-row.js'
import type { SpanStoreDefinition } from './store-definition.js'

type SpanKind = SpanStoreDefinition<unknown, unknown>['kind']

/** Where a span lies: sessions where they end, windows where they start. */
export const spanPosition = (kind: SpanKind, start: number, end: number): number =>
  kind === 'session' ? end : start

/**
 * What a key has in one segment of time: its spans in order of their position, one row on disk. Windows lie where
 * they start, sessions where they end; sessions that end together lie in order of their start.
 */
export class Bucket<K, V> {
  readonly spans: SpanRow<K, V>[] = []
  /** Spans that were taken out since the bucket was last staged, and that the changelog has. */
  removed: SpanRow<K, V>[] = []

  constructor(private readonly kind: SpanKind) {}

  find(start: number, end: number, position: number): SpanRow<K, V> | undefined {
    for (let at = this.firstFrom(position); at < this.spans.length; at++) {
      const span = this.spans[at]!
      if (this.positionOf(span) !== position) return undefined
      if (span.windowStart === start && span.windowEnd === end) return span
    }
    return undefined
  }

  /** Puts a span in its place; it is not there yet. */
  insert(span: SpanRow<K, V>): void {
    const { spans } = this
    const position = this.positionOf(span)
    let at = spans.length
    while (at > 0 && this.isAfter(spans[at - 1]!, span.windowStart, position)) at--
    if (at === spans.length) spans.push(span)
    else spans.splice(at, 0, span)
  }

  /** Takes a span out. */
  remove(span: SpanRow<K, V>): void {
    const at = this.spans.lastIndexOf(span)
    if (at < 0) return
    this.spans.splice(at, 1)
    if (span.logged) this.removed.push(span)
  }

  /** A span that was taken out since the bucket was last staged, to be used again. */
  revive(start: number, end: number): SpanRow<K, V> | undefined {
    const { removed } = this
    for (let at = 0; at < removed.length; at++) {
      const span = removed[at]!
      if (span.windowStart === start && span.windowEnd === end) return removed.splice(at, 1)[0]
    }
    return undefined
  }

  /** Forgets the spans up to a position: they have expired. */
  dropUpTo(position: number): void {
    const expired = this.firstFrom(position + 1)
    if (expired > 0) this.spans.splice(0, expired)
  }

  /** Index of the first span at or after a position. */
  firstFrom(position: number): number {
    const { spans } = this
    let low = 0
    let high = spans.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if (this.positionOf(spans[middle]!) < position) low = middle + 1
      else high = middle
    }
    return low
  }

  private positionOf({ windowStart, windowEnd }: SpanRow<K, V>): number {
    return spanPosition(this.kind, windowStart, windowEnd)
  }

  private isAfter(span: SpanRow<K, V>, start: number, position: number): boolean {
    const other = this.positionOf(span)
    return other > position || (other === position && span.windowStart > start)
  }
}
