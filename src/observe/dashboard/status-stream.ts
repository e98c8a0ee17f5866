import type { ServerResponse } from 'node:http'
import { answerText } from '../http/answer.js'
import type { Status } from './status.js'

const INTERVAL_MS = 1_000
/** The page connects again after so long. */
const RETRY_MS = 500
const MAX_PAGES = 100

/** Tells pages the status of a client once a second, as server-sent events. Costs nothing while nobody looks. */
export class StatusStream {
  private readonly pages = new Set<ServerResponse>()
  private timer: NodeJS.Timeout | undefined
  private latest = ''

  constructor(private readonly sample: () => Status) {}

  serve(response: ServerResponse): void {
    if (this.pages.size >= MAX_PAGES) {
      answerText(response, 503, `there are ${MAX_PAGES} pages open already\n`)
      return
    }
    response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    })
    if (this.pages.size === 0) this.begin()
    this.pages.add(response)
    response.once('close', () => this.leave(response))
    response.write(`retry: ${RETRY_MS}\n${this.latest}`)
  }

  private begin(): void {
    this.look()
    this.timer = setInterval(() => {
      this.look()
      for (const page of this.pages) {
        // Whoever is slow is told the next time how it is then.
        if (!page.writableNeedDrain) page.write(this.latest)
      }
    }, INTERVAL_MS)
    this.timer.unref()
  }

  private look(): void {
    this.latest = `data: ${JSON.stringify(this.sample())}\n\n`
  }

  private leave(response: ServerResponse): void {
    this.pages.delete(response)
    if (this.pages.size === 0) clearInterval(this.timer)
  }
}
