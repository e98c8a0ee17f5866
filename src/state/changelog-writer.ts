/** Takes the changes of logged stores on their way to the changelog topics. */
export interface ChangelogWriter {
  /**
   * Appends one record to the changelog of a store. The slices are valid during the call only.
   *
   * @param valueEnd -1: a tombstone
   */
  append(
    store: string,
    key: Buffer,
    keyStart: number,
    keyEnd: number,
    value: Buffer,
    valueStart: number,
    valueEnd: number,
    timestamp: number,
  ): void
}

/** Of state whose changes nobody replays. */
export const NO_CHANGELOG: ChangelogWriter = { append: () => undefined }
