import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  type Processor,
  type ProcessorContext,
  StreamsBuilder,
  string,
  Timers,
  type TimerType,
  type Topology,
} from '../../src/index.js'
import { TestApplication } from '../support/test-application.js'
import { until } from '../support/until.js'

const texts = { key: string(), value: string() }
const record = (key: string, value: string, timestamp: number) => ({ key, value, timestamp })

/** Sets a timer for the time that a record's value names, and forwards it when it fires. */
function topologyOf(input: string, output: string, type: TimerType): Topology {
  const declared = Timers.of('timers', { key: string() })
  const telling = (): Processor<string, string, string, string> => {
    let context: ProcessorContext<string, string>
    return {
      init(given) {
        context = given
      },
      process({ key, value }) {
        if (value !== '') context.timers(declared).set(type, key, Number(value))
      },
      onTimer({ key, timestamp }) {
        context.forward({ key, value: String(timestamp), timestamp })
      },
    }
  }
  const builder = new StreamsBuilder()
  builder.stream(input, texts).process(telling, { timers: declared, name: 'telling' }).to(output, texts)
  return builder.build()
}

describe('on a broker', () => {
  test('timers of event time fire once each, after a restart and the loss of their state', async () => {
    await using app = await TestApplication.create({ cacheMaxBytes: 0 })
    const [input, output] = [await app.topic('input', 1), await app.topic('output', 1)]
    const topology = topologyOf(input, output, 'event-time')
    await app.client.write(input, [record('a', '10', 0), record('b', '20', 0), record('a', '30', 15)])
    const first = await app.started(topology)
    await app.committed(input)
    const figures = { task: '0_0', operator: 'telling' }
    assert.deepEqual(first.metrics().timers, [{ ...figures, pending: 2, fired: 1 }])
    await first.close()

    const second = await app.started(topology)
    await app.client.write(input, [record('c', '25', 25)])
    await app.committed(input)
    await second.close()
    await app.deleteState()

    const third = await app.started(topology)
    await app.client.write(input, [record('d', '', 100)])
    await app.committed(input)
    assert.deepEqual(third.metrics().timers, [{ ...figures, pending: 0, fired: 2 }])
    assert.deepEqual(
      await app.valuesByKey(output),
      new Map([
        ['a', ['10', '30']],
        ['b', ['20']],
        ['c', ['25']],
      ]),
    )
  })

  test('what a timer hands on is not lost, at least once, where it cannot be sent at first', async () => {
    // Each epoch is committed at once: what it sends goes with its changelogs.
    const options = { processingGuarantee: 'at_least_once', cacheMaxBytes: 0, commitInterval: 1 } as const
    await using app = await TestApplication.create(options)
    const input = await app.topic('input', 1)
    const output = await app.topic('output', 1, { 'max.message.bytes': '1' })
    const topology = topologyOf(input, output, 'event-time')
    await app.client.write(input, [record('a', '10', 0)])
    const refused = await app.started(topology)
    await app.committed(input)
    await app.client.write(input, [record('b', '', 20)])
    await until('what has fired is refused', () => refused.state === 'error')
    const [failure] = app.failures.splice(0)
    assert.equal(failure?.name, 'MessageTooLargeError')

    await app.client.admin.deleteTopics([output])
    await app.client.create(output, 1)
    await app.started(topology)
    await app.committed(input)
    assert.deepEqual(await app.valuesByKey(output), new Map([['a', ['10']]]))
  })

  test('timers of processing time fire without a record, and when the application is up again', async () => {
    await using app = await TestApplication.create({ cacheMaxBytes: 0 })
    const [input, output] = [await app.topic('input', 1), await app.topic('output', 1)]
    const topology = topologyOf(input, output, 'processing-time')
    let now = 0
    const start = async () => {
      const streams = app.streams(topology, {}, undefined, () => now)
      await streams.start()
      return streams
    }
    const fired = async () => (await app.client.read(output)).map(({ key, value }) => `${key} ${value}`)
    await app.client.write(input, [record('a', '20', 0), record('b', '10', 0), record('c', '30', 0)])
    const first = await start()
    await app.committed(input)
    now = 15
    await app.until('a timer has fired', async () => (await fired()).length === 1)
    await first.close()
    await app.deleteState()

    now = 25
    await start()
    await app.until('the overdue one has fired', async () => (await fired()).length === 2)
    now = 100
    await app.until('all have fired', async () => (await fired()).length === 3)
    assert.deepEqual(await fired(), ['b 10', 'a 20', 'c 30'])
  })
})
