import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { describe, test } from 'node:test'
import { serveWords, whenCounted } from '../docs/feed-example.js'
import { TestApplication } from '../support/test-application.js'
import { until } from '../support/until.js'

const fromRoot = (path: string): Promise<string> =>
  readFile(new URL(`../../../${path}`, import.meta.url), 'utf8')

/** A connection to a feed as text. */
class Transcript implements AsyncDisposable {
  text = ''
  private readonly ending = new AbortController()

  async open(url: string, lastEventId: string): Promise<void> {
    const headers = { 'last-event-id': lastEventId }
    const response = await fetch(url, { headers, signal: this.ending.signal })
    void this.read(response.body!)
  }

  private async read(body: ReadableStream<Uint8Array>): Promise<void> {
    const decoder = new TextDecoder()
    try {
      for await (const bytes of body) this.text += decoder.decode(bytes, { stream: true })
    } catch (error) {
      if (!this.ending.signal.aborted) throw error
    }
  }

  /** Without what differs from one run to another. */
  get shown(): string {
    return this.text.replaceAll(/A[\w-]{30,}/g, 'AV…')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.ending.abort()
  }
}

describe('docs/feed.md', () => {
  test('has an example that serves and reads as it says', async () => {
    const page = await fromRoot('docs/feed.md')
    await using app = await TestApplication.create()
    const sentences = await app.topic('sentences', 1)
    const { streams, server } = await serveWords(sentences, app.options())
    app.keep(streams)
    await using _ = server
    const url = `${server.url}/feed/words`
    await app.client.write(sentences, [{ key: '1', value: 'to be or not to be', timestamp: 1000 }])
    const rows = await whenCounted(url, 'be', 2)
    assert.deepEqual(rows.map(({ key, value }) => `${key} ${value}`).sort(), [
      'be 2',
      'not 1',
      'or 1',
      'to 2',
    ])

    const [, session] = /^```text\n([\s\S]*?)^```/m.exec(page)!
    const [first, second] = session!.split(/^\$ .*\n/m).slice(1) as [string, string]
    await using connection = new Transcript()
    await connection.open(`${url}?key=be&key=not`, '')
    await until('it is up to date', () => connection.text.includes('up-to-date'))
    await app.client.write(sentences, [{ key: '2', value: 'not now', timestamp: 2000 }])
    await until('it has the change', () => connection.text.endsWith('"value":2,"timestamp":2000}\n\n'))
    assert.equal(connection.shown, first)

    const id = /id: (\S+)\ndata: .*\n\n$/.exec(connection.text)![1]!
    await connection[Symbol.asyncDispose]()
    await app.client.write(sentences, [{ key: '3', value: 'be quick', timestamp: 3000 }])
    await whenCounted(url, 'be', 3)
    await using again = new Transcript()
    await again.open(`${url}?key=be&key=not`, id)
    await until('it is up to date', () => again.text.includes('up-to-date'))
    assert.equal(again.shown, second)
  })
})
