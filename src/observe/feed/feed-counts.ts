/** What the feed of a store has done, over all of its subscribers. */
export class FeedCounts {
  /** Messages sent. */
  messages = 0
  /** Changes that a subscriber was not told since a later one of the same row had taken their place. */
  conflated = 0
  /** Snapshots that were sent anew. */
  refetches = 0
  /** Subscribers that were cut off since they took nothing for too long. */
  dropped = 0
}
