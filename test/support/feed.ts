import { numbered } from './counting.js'
import type { TextRecord, TopicClient } from './topic-client.js'

const RECORDS_PER_WRITE = 200

/** Writes numbered records to a topic without pause, until it is stopped. */
export class Feed {
  private readonly written: TextRecord[] = []
  private stopped = false
  private readonly done: Promise<void>

  constructor(
    private readonly client: TopicClient,
    private readonly topic: string,
    private readonly options: { readonly keys?: number },
  ) {
    this.done = this.write()
  }

  private async write(): Promise<void> {
    while (!this.stopped) {
      const records = numbered(RECORDS_PER_WRITE, { ...this.options, from: this.written.length })
      await this.client.write(this.topic, records)
      this.written.push(...records)
    }
  }

  /** Gives everything that was written. */
  async stop(): Promise<readonly TextRecord[]> {
    this.stopped = true
    await this.done
    return this.written
  }
}
