/** What looking at a row counts for where it is not sent, bytes: about the time that writing so many takes. */
const LOOK_BYTES = 16

/** What is written to a subscriber at once. */
export class FeedBatch {
  /** JSON, one message each. */
  readonly messages: string[] = []
  /** Where the subscriber stands behind the last one; undefined: it could not go on from there. */
  id: string | undefined
  private bytes = 0

  /** @param maxBytes it is full with so many; one message goes in regardless */
  constructor(private readonly maxBytes: number) {}

  get full(): boolean {
    return this.bytes >= this.maxBytes
  }

  push(message: string): void {
    this.messages.push(message)
    this.bytes += message.length
  }

  /** Counts the work of looking at a row. */
  look(): void {
    this.bytes += LOOK_BYTES
  }
}
