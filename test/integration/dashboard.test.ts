import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import type { Browser } from 'playwright-core'
import { loadDemo } from '../../src/demo/demo.js'
import { type ResultRow, ResultTable } from '../../src/observe/dashboard/results/result-table.js'
import type { ResultFields } from '../../src/observe/dashboard/results/results-description.js'
import type { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import {
  type AirportDelays,
  type Flight,
  type FlightSums,
  hourFigures,
  noFlights,
  withFlight,
} from '../../topologies/flights/airport-hours.js'
import type { AirportWorker } from '../support/airport-worker.js'
import { ownBroker } from '../support/broker.js'
import { openChromium } from '../support/chromium.js'
import { allCommitted } from '../support/processed-all.js'
import { readTopic } from '../support/read-topic.js'
import { StartCommand } from '../support/start-command.js'
import { temporaryData } from '../support/temporary-data.js'
import { TopicClient } from '../support/topic-client.js'
import { until } from '../support/until.js'
import { WatchedPage } from '../support/watched-page.js'

const WORKER = fileURLToPath(new URL('../support/airport-worker.js', import.meta.url))
const FIRST_LIMIT = 30_000
const LIMIT = 120_000
const HOUR_MS = 3_600_000

const demo = await loadDemo('airport-delays')

const tenths = new Intl.NumberFormat('en-US', { maximumFractionDigits: 1 })
const means = new Intl.NumberFormat('en-US', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** Rows as the page shows them. */
const shown = (rows: readonly ResultRow[]): string[][] =>
  rows.map(({ name, figures }) => [
    name,
    ...figures.map((figure, at) =>
      (demo.results.columns[at]!.combine === 'mean' ? means : tenths).format(figure),
    ),
  ])

const greatest = (results: Iterable<ResultFields>): string[][] => {
  const table = new ResultTable(demo.results)
  for (const fields of results) table.take(fields, true)
  return shown(table.top(10))
}

/** What the topic of results has, the last one of each airport and hour. */
async function rowsOfTopic(brokers: readonly string[]): Promise<string[][]> {
  const results = new Map<string, AirportDelays>()
  await readTopic(brokers, demo.results.topic, ({ value }) => {
    const delays = JSON.parse(value!) as AirportDelays
    results.set(`${delays.airport} ${delays.windowStart}`, delays)
  })
  return greatest([...results.values()].map((delays) => ({ ...delays })))
}

/** What the flights themselves come to, each counted once. */
async function rowsOfFlights(brokers: readonly string[]): Promise<string[][]> {
  const hours = new Map<string, { airport: string; windowStart: number; sums: FlightSums }>()
  await readTopic(brokers, 'flights', ({ key, value, timestamp }) => {
    const airport = key!
    const windowStart = timestamp - (timestamp % HOUR_MS)
    const hour = hours.get(`${airport} ${windowStart}`)
    const sums = withFlight(airport, JSON.parse(value!) as Flight, hour?.sums ?? noFlights())
    hours.set(`${airport} ${windowStart}`, { airport, windowStart, sums })
  })
  return greatest(
    [...hours.values()].map(({ airport, windowStart, sums }) => ({
      airport,
      windowStart,
      ...hourFigures(sums),
    })),
  )
}

/** Another worker of the application, which can be killed. */
class Worker implements AsyncDisposable {
  private process: ChildProcess | undefined

  constructor(private readonly options: AirportWorker) {}

  start(): void {
    this.process = spawn(process.execPath, [WORKER, JSON.stringify(this.options)], { stdio: 'inherit' })
  }

  async kill(): Promise<void> {
    if (this.process === undefined) return
    const exited = once(this.process, 'exit')
    this.process.kill('SIGKILL')
    await exited
    this.process = undefined
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.kill()
  }
}

/** Where `npm start` says that its page is. */
async function pageOf(command: StartCommand): Promise<string> {
  const address = (): string | undefined => /Watch it at (\S+)/.exec(command.stderr)?.[1]
  await until('npm start tells where its page is', () => address() !== undefined)
  return address()!
}

/** What the terminal shows. */
function rowsOfTerminal(command: StartCommand): string[][] {
  const rows = command.lines.at(-1)!.rows as readonly Readonly<Record<string, string | number>>[]
  return shown(
    rows.map((row) => {
      const [name, ...figures] = Object.values(row)
      return { name: String(name), figures: figures.map(Number) }
    }),
  )
}

describe('the page of npm start, in Chromium', () => {
  let browser: Browser
  let broker: KafkaBroker

  before(async () => {
    browser = await openChromium()
    broker = await ownBroker()
  })
  after(async () => {
    await browser?.close()
    await broker?.stop()
  })

  test('ends with what the topic has, its process started anew and another one killed on the way', async (t) => {
    const { brokers } = broker
    const data = await temporaryData(t)
    const environment = { KAFKA_BROKERS: brokers.join(','), MILLRACE_DATA: data }
    const start = (port: string, limit: number, speed: string): StartCommand => {
      const options = ['--port', port, '--limit', String(limit), '--speed', speed, '--progress', 'json']
      return new StartCommand(options, environment)
    }
    await using worker = new Worker({ brokers, stateDir: join(data, 'state-of-worker') })
    await using first = start('0', FIRST_LIMIT, 'max')
    const url = await pageOf(first)
    await using watched = await WatchedPage.open(browser, url)
    const tasks = (count: number) => async (): Promise<boolean> =>
      (await watched.text('#process-note')).startsWith(`${count} tasks`)
    await watched.until('the process has all tasks', tasks(4))
    worker.start()
    await watched.until('half of the tasks are elsewhere', tasks(2))
    await watched.until('airports are shown', async () => (await watched.rows()).length === 10)

    first.kill('SIGINT')
    assert.equal(await first.exited, 0, first.stderr)
    await watched.until('the page says that its process is gone', async () =>
      /connection lost/.test(await watched.text('#state')),
    )
    await using second = start(new URL(url).port, LIMIT, '0.7')
    await second.progress(({ published }) => Number(published) > FIRST_LIMIT)
    await worker.kill()
    await watched.until(
      'records go through',
      async () => (await watched.figure('#throughput [data-value]')) > 0,
    )
    await watched.until('the topology shows how many', async () =>
      (await watched.page.locator('.edge-label').allTextContents()).some((text) => /\d.*\/s$/.test(text)),
    )
    await watched.until('all tasks are here', tasks(4))
    worker.start()
    await watched.until('half of the tasks are elsewhere again', tasks(2))
    await watched.until('all is published', () => second.lines.at(-1)?.published === LIMIT)
    await using client = new TopicClient(brokers)
    await watched.until('all is committed', () => allCommitted(client, demo.applicationId, ['flights']))

    const expected = await rowsOfFlights(brokers)
    assert.deepEqual(await rowsOfTopic(brokers), expected)
    await watched.until('the page has it', async () => String(await watched.rows()) === String(expected))
    await watched.until('so has the terminal', () => String(rowsOfTerminal(second)) === String(expected))
    assert.equal(await watched.text('#state'), 'running')
    assert.deepEqual([...watched.origins], [new URL(url).origin])

    await using phone = await WatchedPage.open(browser, url, { viewport: { width: 390, height: 800 } })
    await phone.until('a phone has it', async () => String(await phone.rows()) === String(expected))
    assert.equal(await phone.page.evaluate('document.documentElement.scrollWidth'), 390)
    second.kill('SIGINT')
    assert.equal(await second.exited, 0, second.stderr)
  })
})
