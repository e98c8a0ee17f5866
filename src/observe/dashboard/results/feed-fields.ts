import type { FeedRow } from '../../feed-client/index.js'
import type { ResultFields, ResultsDescription } from './results-description.js'

/** What a row of a feed says as a result: its value's fields, its key and its window under the names that are described. */
export function feedFields(
  { key, window, value }: Pick<FeedRow<unknown, unknown>, 'key' | 'window' | 'value'>,
  { row, windowStart }: Pick<ResultsDescription, 'row' | 'windowStart'>,
): ResultFields {
  return {
    [row]: key,
    ...(windowStart !== undefined && window !== undefined && { [windowStart]: window.start }),
    ...(typeof value === 'object' ? value : undefined),
  }
}
