import assert from 'node:assert/strict'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { until } from './until.js'

/** A page of a worker in a browser, and what it has asked for and complained of. */
export class WatchedPage implements AsyncDisposable {
  /** What it said on its console, and errors of its code. */
  readonly complaints: string[] = []
  /** The origins that it asked for anything. */
  readonly origins = new Set<string>()

  private constructor(readonly page: Page) {}

  static async open(
    browser: Browser,
    url: string,
    options: BrowserContextOptions = {},
  ): Promise<WatchedPage> {
    const context = await browser.newContext(options)
    const watched = new WatchedPage(await context.newPage())
    const { page, complaints, origins } = watched
    page.on('pageerror', (error) => complaints.push(error.message))
    page.on('console', (message) => {
      // Where its server is gone it says so, and connects again.
      const gone = /net::ERR_(CONNECTION|INCOMPLETE|EMPTY)/.test(message.text())
      if (message.type() === 'error' && !gone) complaints.push(message.text())
    })
    page.on('request', (request) => {
      if (!request.url().startsWith('data:')) origins.add(new URL(request.url()).origin)
    })
    const response = await page.goto(url)
    assert.equal(response?.status(), 200)
    return watched
  }

  async text(selector: string): Promise<string> {
    return (await this.page.locator(selector).textContent()) ?? ''
  }

  /** The figure in a text, thousands grouped; NaN where it is not known yet. */
  async figure(selector: string): Promise<number> {
    return Number((await this.text(selector)).replaceAll(',', ''))
  }

  /** The rows of the table of results, by cells. */
  async rows(): Promise<string[][]> {
    const rows = await this.page.locator('#rows tr').allInnerTexts()
    return rows.map((row) => row.split('\t').map((cell) => cell.trim()))
  }

  async until(what: string, holds: () => boolean | Promise<boolean>): Promise<void> {
    await until(what, async () => {
      assert.deepEqual(this.complaints, [])
      return holds()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.page.context().close()
  }
}
