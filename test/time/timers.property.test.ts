import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  type Processor,
  type ProcessorContext,
  StreamsBuilder,
  string,
  Timers,
  type TimerType,
  type Topology,
  Watermarks,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import { RestartingDriver } from '../testing/restarting-driver.js'

const texts = { key: string(), value: string() }
const OUT_OF_ORDER = 4
const TYPES: Readonly<Record<string, TimerType>> = { e: 'event-time', p: 'processing-time' }

/** What a record, or a timer that fires, does: `+e5` sets, `-p7` takes back. */
type Order = `${'+' | '-'}${'e' | 'p'}${number}`

interface Input {
  readonly key: string
  readonly timestamp: number
  readonly orders: readonly Order[]
  /** How much the wall clock moves on afterwards. */
  readonly wait: number
}

/** Timers that fire set others, a few times: earlier ones and later ones. */
const chained = (type: string, timestamp: number): Order[] =>
  timestamp % 3 === 0
    ? [`+${type as 'e' | 'p'}${timestamp + 5}`, `-${type as 'e' | 'p'}${timestamp + 1}`]
    : []

class Orders implements Processor<string, string, string, string> {
  private context!: ProcessorContext<string, string>

  init(context: ProcessorContext<string, string>): void {
    this.context = context
  }

  process({ key, value }: { key: string; value: string }): void {
    this.follow(key, value === '' ? [] : value.split(' '))
  }

  onTimer({ key, timestamp, type }: { key: string; timestamp: number; type: TimerType }): void {
    const letter = type === 'event-time' ? 'e' : 'p'
    this.context.forward({ key, value: `${letter}${timestamp}`, timestamp })
    this.follow(key, chained(letter, timestamp))
  }

  private follow(key: string, orders: readonly string[]): void {
    for (const order of orders) {
      const timers = this.context.timers(declared)
      const [type, at] = [TYPES[order[1]!]!, Number(order.slice(2))]
      if (order[0] === '+') timers.set(type, key, at)
      else timers.delete(type, key, at)
    }
  }
}

const declared = Timers.of('timers', { key: string() })

function topologyOf(watermarks: boolean): Topology {
  const builder = new StreamsBuilder()
  const watermark = watermarks ? Watermarks.boundedOutOfOrderness(OUT_OF_ORDER) : undefined
  builder
    .stream('in', { ...texts, watermark })
    .process(() => new Orders(), { timers: declared })
    .to('out', texts)
  return builder.build()
}

/** The timers that fire, by the plainest of models: a list. */
function expected(inputs: readonly Input[], watermarks: boolean): string[] {
  const timers: { type: string; key: string; at: number }[] = []
  const fired: string[] = []
  const follow = (key: string, orders: readonly Order[]): void => {
    for (const order of orders) {
      const timer = { type: order[1]!, key, at: Number(order.slice(2)) }
      const index = timers.findIndex(
        (each) => each.type === timer.type && each.key === key && each.at === timer.at,
      )
      if (order[0] === '+' && index < 0) timers.push(timer)
      if (order[0] === '-' && index >= 0) timers.splice(index, 1)
    }
  }
  const fire = (type: string, before: number): void => {
    for (;;) {
      const [first] = timers
        .filter((timer) => timer.type === type && timer.at < before)
        .sort((one, other) => one.at - other.at || (one.key < other.key ? -1 : 1))
      if (first === undefined) return
      timers.splice(timers.indexOf(first), 1)
      fired.push(`${first.key} ${type}${first.at}`)
      follow(first.key, chained(type, first.at))
    }
  }
  let eventTime = -1
  let now = 0
  for (const { key, timestamp, orders, wait } of inputs) {
    if (!watermarks) eventTime = Math.max(eventTime, timestamp)
    follow(key, orders)
    if (watermarks) eventTime = Math.max(eventTime, timestamp - OUT_OF_ORDER)
    fire('e', eventTime)
    now += wait
    fire('p', now + 1)
  }
  return fired
}

const order = fc
  .tuple(
    fc.constantFrom('+' as const, '+' as const, '-' as const),
    fc.constantFrom('e' as const, 'p' as const),
    fc.nat(40),
  )
  .map(([act, type, at]): Order => `${act}${type}${at}`)

const inputs = fc.array(
  fc.record({
    key: fc.constantFrom('', 'a', 'b'),
    timestamp: fc.nat(40),
    orders: fc.array(order, { maxLength: 4 }),
    wait: fc.nat(6),
  }),
  { minLength: 1, maxLength: 25 },
)

const lines = (driver: Pick<TopologyTestDriver, 'createOutputTopic'>): string[] =>
  driver
    .createOutputTopic('out', texts)
    .readAll()
    .map(({ key, value }) => `${key} ${value}`)

for (const watermarks of [false, true]) {
  describe(`timers ${watermarks ? 'with watermarks' : 'in stream time'}`, () => {
    const topology = topologyOf(watermarks)

    it('fire once each, when their time has come, in order', () => {
      fc.assert(
        fc.property(inputs, (given) => {
          using driver = new TopologyTestDriver(topology)
          const input = driver.createInputTopic('in', texts)
          for (const { key, timestamp, orders, wait } of given) {
            input.pipe(key, orders.join(' '), { timestamp })
            driver.advanceWallClock(wait)
          }
          assert.deepEqual(lines(driver), expected(given, watermarks))
        }),
        { numRuns: 100 },
      )
    })

    for (const lost of [false, true]) {
      it(`fire alike where the task begins again at each step${lost ? ', its state lost' : ''}`, async () => {
        await fc.assert(
          fc.asyncProperty(inputs, async (given) => {
            const driver = new RestartingDriver(topology, {}, lost)
            const input = driver.createInputTopic('in', texts)
            for (const { key, timestamp, orders, wait } of given) {
              input.pipe(key, orders.join(' '), { timestamp })
              await driver.settle()
              driver.advanceWallClock(wait)
              await driver.settle()
            }
            assert.deepEqual(lines(driver), expected(given, watermarks))
          }),
          { numRuns: 15 },
        )
      })
    }
  })
}
