import type { Windowed } from 'millrace'
import { type TestInputTopic, type TestRecord, TopologyTestDriver } from 'millrace/testing'
import type { Example, ExampleRecord, ExampleStep } from './example.js'
import { millisOf } from './text.js'

/** A record that a topology has written. */
export interface Written extends TestRecord<unknown, unknown> {
  readonly topic: string
}

/** What a step has caused. */
export interface Moment {
  readonly step: ExampleStep
  /** Counts the records that are piped in, from 1; the wall clock has no number. */
  readonly number: number | undefined
  /** The greatest timestamp that was piped in, this record's included. */
  readonly streamTime: number
  /** What the watermark is after the step; undefined: none is known, or there are none. */
  readonly watermark: number | undefined
  readonly written: readonly Written[]
  /** `late (KSTREAM-AGGREGATE-0000000002)` */
  readonly drops: readonly string[]
  readonly lines: readonly string[]
  readonly failure: string | undefined
}

export const isRecord = (step: ExampleStep): step is ExampleRecord => Array.isArray(step)

export const isWindowed = (key: unknown): key is Windowed<unknown> =>
  typeof key === 'object' && key !== null && 'window' in key

/** Runs an example through the test driver; ends at the first failure. */
export async function execute(example: Example): Promise<readonly Moment[]> {
  using run = new Execution(example)
  const moments: Moment[] = []
  for (const step of example.steps) {
    const moment = await run.take(step)
    moments.push(moment)
    if (moment.failure !== undefined) break
  }
  return moments
}

class Execution implements Disposable {
  private readonly driver: TopologyTestDriver
  private readonly inputs = new Map<string, TestInputTopic<unknown, unknown>>()
  private readonly dropped = new Map<string, number>()
  private lines = 0
  private records = 0
  private streamTime = 0

  constructor(private readonly example: Example) {
    this.driver = new TopologyTestDriver(example.topology, example.driver)
    for (const [name, topic] of Object.entries(example.inputs)) {
      this.inputs.set(name, this.driver.createInputTopic(name, topic))
    }
  }

  async take(step: ExampleStep): Promise<Moment> {
    const failure = await this.failureOf(step)
    return {
      step,
      number: isRecord(step) ? ++this.records : undefined,
      streamTime: this.streamTime,
      watermark: this.driver.watermark,
      written: this.written(),
      drops: this.drops(),
      lines: this.newLines(),
      failure,
    }
  }

  private async failureOf(step: ExampleStep): Promise<string | undefined> {
    try {
      if (step === 'answers') await this.driver.answered()
      else this.pipe(step)
      return undefined
    } catch (error) {
      return String((error as Error).message)
    }
  }

  private pipe(step: Exclude<ExampleStep, 'answers'>): void {
    if (step === 'drain') {
      this.driver.drain()
      return
    }
    if (!isRecord(step)) {
      this.driver.advanceWallClock(step.wallClock)
      return
    }
    const [topic, key, value, at, headers = {}] = step
    const input = this.inputs.get(topic)
    if (input === undefined) throw new Error(`an example does not say how to write topic ${topic}`)
    const timestamp = millisOf(at)
    this.streamTime = Math.max(this.streamTime, timestamp)
    const records = Object.entries(headers).map(([name, text]) => ({ key: name, value: Buffer.from(text) }))
    input.pipe(key, value, { timestamp, headers: records })
  }

  private written(): Written[] {
    return Object.entries(this.example.outputs).flatMap(([topic, serdes]) =>
      this.driver
        .createOutputTopic(topic, serdes)
        .readAll()
        .map((record) => ({ ...record, topic })),
    )
  }

  private drops(): string[] {
    const fresh: string[] = []
    for (const [place, count] of this.driver.droppedRecords) {
      const [operator, reason] = place.split(': ')
      if (count > (this.dropped.get(place) ?? 0)) fresh.push(`${reason} (${operator})`)
      this.dropped.set(place, count)
    }
    return fresh
  }

  private newLines(): readonly string[] {
    const { lines = [] } = this.example
    const fresh = lines.slice(this.lines)
    this.lines = lines.length
    return fresh
  }

  [Symbol.dispose](): void {
    this.driver.close()
  }
}
