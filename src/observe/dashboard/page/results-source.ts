import { type FeedChange, type FeedRow, subscribe } from '../../feed-client/index.js'
import type { PageResults } from '../page-description.js'
import { feedFields } from '../results/feed-fields.js'
import { ResultTable } from '../results/result-table.js'

interface FeedListener {
  changed(table: ResultTable): void
  /** Whether what is shown is what there is; with what keeps it from that for good. */
  state(live: boolean, problem?: string): void
}

type Changes = readonly FeedChange<unknown, unknown>[]
type Rows = ReadonlyMap<string, FeedRow<unknown, unknown>>

/** Results as a feed tells them: the rows of a snapshot, then each change. */
class FeedResults {
  table: ResultTable

  constructor(private readonly description: PageResults) {
    this.table = new ResultTable(description)
  }

  take(changes: Changes, rows: Rows): void {
    // A row without windows may be gone: then all is told anew. What expires of windows, the table forgets by itself.
    const { windowStart } = this.description
    const anew = changes.some(
      ({ type }) => type === 'snapshot' || (type === 'delete' && windowStart === undefined),
    )
    if (anew) {
      this.table = new ResultTable(this.description)
      for (const row of rows.values()) this.put(row)
      return
    }
    for (const change of changes) if (change.type === 'upsert') this.put(change)
  }

  private put(row: FeedRow<unknown, unknown>): void {
    this.table.take(feedFields(row, this.description), true)
  }
}

/** Follows the feed of results for as long as the page is open. */
export function followFeed(feed: string, description: PageResults, listener: FeedListener): void {
  const results = new FeedResults(description)
  subscribe<unknown, unknown>(feed, {
    maxRetryMs: 2_000,
    onChange(changes, rows) {
      results.take(changes, rows)
      listener.changed(results.table)
    },
    onState: (state) => listener.state(state === 'live'),
    onError(error) {
      listener.state(
        false,
        error instanceof Error && 'status' in error && error.status !== undefined ? error.message : undefined,
      )
    },
  })
}
