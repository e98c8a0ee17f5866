import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import {
  type AsyncOrder,
  type KStream,
  StreamsBuilder,
  string,
  type Topology,
  TumblingWindows,
  Watermarks,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import { RestartingDriver } from '../testing/restarting-driver.js'
import { Service } from './service.js'

const serdes = { key: string(), value: string() }
const ORDERS: readonly AsyncOrder[] = ['input', 'key', 'none']
const HOUR = 3_600_000

type Action =
  | { readonly kind: 'pipe'; readonly key: string; readonly later: number }
  | { readonly kind: 'answer' | 'fail'; readonly which: number }
  | { readonly kind: 'clock' }
  | { readonly kind: 'restart' }

const which = fc.nat({ max: 9 })
const actions: fc.Arbitrary<readonly Action[]> = fc.array(
  fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        kind: fc.constant('pipe' as const),
        key: fc.constantFrom('a', 'b', 'c'),
        later: fc.nat({ max: 7 }),
      }),
    },
    { weight: 4, arbitrary: fc.record({ kind: fc.constant('answer' as const), which }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('fail' as const), which }) },
    { weight: 1, arbitrary: fc.constantFrom<Action>({ kind: 'clock' }, { kind: 'restart' }) },
  ),
  { maxLength: 40 },
)

interface Piped {
  readonly key: string
  readonly value: string
  readonly timestamp: number
}

interface Result {
  readonly key: string | null
  readonly value: string | null
  readonly timestamp: number
}

/** Records with values that tell them apart. */
function recordsOf(script: readonly Action[]): Piped[] {
  let timestamp = 0
  return script
    .flatMap((action) => {
      if (action.kind !== 'pipe') return []
      timestamp += action.later
      return [{ key: action.key, timestamp }]
    })
    .map((record, index) => ({ ...record, value: `${record.key}${index}` }))
}

/** Answers all that is asked, until nothing is. */
async function answerAll(driver: RestartingDriver, service: Service<string>): Promise<void> {
  do {
    for (const question of service.waiting) await service.answer(question, question.toUpperCase())
    driver.drain()
    driver.advanceWallClock(HOUR)
    driver.drain()
  } while (service.waiting.length > 0)
}

async function run(topology: Topology, service: Service<string>, script: readonly Action[], lost: boolean) {
  const driver = new RestartingDriver(topology, {}, lost)
  const input = driver.createInputTopic('in', serdes)
  const records = recordsOf(script)
  let next = 0
  for (const action of script) {
    if (action.kind === 'pipe') {
      const { key, value, timestamp } = records[next++]!
      input.pipe(key, value, { timestamp })
    } else if (action.kind === 'clock') driver.advanceWallClock(1)
    else if (action.kind === 'restart') await driver.restart()
    else if (service.waiting.length > 0) {
      const question = service.waiting[action.which % service.waiting.length]!
      if (action.kind === 'fail') await service.refuse(question)
      else await service.answer(question, question.toUpperCase())
    }
    driver.drain()
  }
  await answerAll(driver, service)
  await driver.endInput()
  await answerAll(driver, service)
  return driver.createOutputTopic('out', serdes).readAll()
}

const callOptions = (order: AsyncOrder) => ({
  order,
  capacity: 4,
  timeout: 100 * HOUR,
  retries: { max: 1000, backoff: 1 },
})

for (const order of ORDERS) {
  describe(`an asynchronous operator in the order '${order}', whatever its service does and whenever it begins again`, () => {
    for (const lost of [false, true]) {
      it(`answers as the synchronous one${lost ? ', with its state lost' : ''}`, async () => {
        await fc.assert(
          fc.asyncProperty(actions, async (script) => {
            const service = new Service<string>()
            const builder = new StreamsBuilder()
            builder
              .stream('in', serdes)
              .mapValuesAsync((value, _, call) => service.ask(value, call), callOptions(order))
              .to('out', serdes)
            const results = await run(builder.build(), service, script, lost)
            const expected = recordsOf(script).map(({ key, value, timestamp }) => ({
              key,
              value: value.toUpperCase(),
              timestamp,
            }))
            const got = results.map(({ key, value, timestamp }) => ({ key, value, timestamp }))
            assert.deepEqual(ordered(got, order), ordered(expected, order))
          }),
          { numRuns: 40 },
        )
      })
    }

    it('brings event time on behind its results, so that none is late', async () => {
      await fc.assert(
        fc.asyncProperty(actions, fc.boolean(), async (script, lost) => {
          const service = new Service<string>()
          const asked = windowedTopology((stream) =>
            stream.mapValuesAsync((value, _, call) => service.ask(value, call), callOptions(order)),
          )
          const results = await run(asked, service, script, lost)
          assert.deepEqual(contents(results), contents(synchronously(recordsOf(script))))
        }),
        { numRuns: 40 },
      )
    })
  })
}

describe('a task that begins again', () => {
  for (const lost of [false, true]) {
    it(`asks again about what was in flight, in its order${lost ? ', with its state lost' : ''}`, async () => {
      const service = new Service<string>()
      const builder = new StreamsBuilder()
      builder
        .stream('in', serdes)
        .mapValuesAsync((value, _, call) => service.ask(value, call), callOptions('none'))
        .to('out', serdes)
      const driver = new RestartingDriver(builder.build(), {}, lost)
      const input = driver.createInputTopic('in', serdes)
      for (const value of ['c1', 'a2', 'b3']) input.pipe(value.charAt(0), value)
      await service.answer('a2', 'A2')
      driver.drain()
      await driver.restart()
      assert.deepEqual(service.waiting, ['c1', 'b3'])
      await service.answer('c1', 'C1')
      await driver.restart()
      assert.deepEqual(service.waiting, ['c1', 'b3'], 'an answer that was not handed on is asked for again')
    })
  }
})

/** What the order promises: all of it, that of each key, or nothing. */
function ordered(records: readonly Result[], order: AsyncOrder) {
  const texts = records.map(({ key, value, timestamp }) => ({ key, text: `${key} ${value} @${timestamp}` }))
  if (order === 'input') return texts.map(({ text }) => text)
  if (order === 'none') return texts.map(({ text }) => text).sort()
  return ['a', 'b', 'c'].map((each) => texts.filter(({ key }) => key === each).map(({ text }) => text))
}

type Ask = (stream: KStream<string, string>) => KStream<string, string, 'key'>

function windowedTopology(ask: Ask): Topology {
  const builder = new StreamsBuilder()
  ask(builder.stream('in', { ...serdes, watermark: Watermarks.monotonous() }))
    .groupByKey({ value: string() })
    .windowedBy(TumblingWindows.of(10))
    .emitStrategy('onWindowClose')
    .reduce((one, other) => `${one} ${other}`)
    .toStream(({ key, window }) => `${key}@${window.start}`)
    .to('out', serdes)
  return builder.build()
}

function synchronously(records: readonly Piped[]) {
  const driver = new TopologyTestDriver(
    windowedTopology((stream) => stream.mapValues((value) => value.toUpperCase())),
  )
  const input = driver.createInputTopic('in', serdes)
  for (const { key, value, timestamp } of records) input.pipe(key, value, { timestamp })
  driver.drain()
  return driver.createOutputTopic('out', serdes).readAll()
}

/** Windows with what is in them, each without order. */
const contents = (windows: readonly { key: string | null; value: string | null }[]) =>
  windows.map(({ key, value }) => `${key}: ${value!.split(' ').sort().join(' ')}`).sort()
