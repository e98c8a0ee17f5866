import assert from 'node:assert/strict'
import { join } from 'node:path'
import { before, type TestContext, test } from 'node:test'
import { readFlights } from '../../src/demo/flights/flight-data.js'
import { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import type { DelayAnomaly } from '../../topologies/delay-anomalies.js'
import { airportDelaysModel, type ExpectedDelays } from '../support/airport-delays-model.js'
import { readTopic } from '../support/read-topic.js'
import { StartCommand } from '../support/start-command.js'
import { temporaryData } from '../support/temporary-data.js'

type Comparison = Pick<DelayAnomaly, 'windowStart' | 'meanDelay' | 'usualDelay' | 'deviation'>

/** The hours of an airport that are unusual, by the sums of what was before them. */
function unusual(hours: readonly ExpectedDelays[]): Comparison[] {
  const found: Comparison[] = []
  const known = hours.filter(({ flights }) => flights >= 5).sort((a, b) => a.windowStart - b.windowStart)
  known.forEach(({ windowStart, meanDelay }, at) => {
    const before = known.slice(Math.max(0, at - 168), at).map((hour) => hour.meanDelay)
    if (before.length < 24) return
    const usualDelay = before.reduce((sum, delay) => sum + delay, 0) / before.length
    const squares = before.reduce((sum, delay) => sum + (delay - usualDelay) ** 2, 0)
    const deviation = Math.max(1, Math.sqrt(squares / before.length))
    if (Math.abs((meanDelay - usualDelay) / deviation) < 3) return
    found.push({ windowStart, meanDelay, usualDelay, deviation })
  })
  return found
}

/** Runs a topology over all flights, and gives a broker with what has come of them. */
async function ran(t: TestContext, topology: string): Promise<KafkaBroker> {
  const data = await temporaryData(t)
  const options = ['--exit', '--speed', 'max', '--progress', 'json']
  await using command = new StartCommand([topology, ...options], { MILLRACE_DATA: data })
  assert.equal(await command.exited, 0, command.stderr)
  return KafkaBroker.start({ dataDir: join(data, 'kafka') })
}

/** Puts values into lists by their keys. */
function grouped<V>(values: Iterable<V>, keyOf: (value: V) => string): Map<string, V[]> {
  const groups = new Map<string, V[]>()
  for (const value of values) {
    const group = groups.get(keyOf(value))
    if (group === undefined) groups.set(keyOf(value), [value])
    else group.push(value)
  }
  return groups
}

let model: ExpectedDelays[]

before(async () => {
  model = [...airportDelaysModel(await readFlights()).values()]
})

test('delay-anomalies finds the unusual hours of all flights', async (t) => {
  await using broker = await ran(t, 'delay-anomalies')
  const found = new Map<string, Comparison[]>()
  await readTopic(broker.brokers, 'delay-anomalies', ({ key, value }) => {
    const { windowStart, meanDelay, usualDelay, deviation } = JSON.parse(value!) as DelayAnomaly
    found.set(key!, [...(found.get(key!) ?? []), { windowStart, meanDelay, usualDelay, deviation }])
  })
  const hours = grouped(model, ({ airport }) => airport)
  for (const [airport, those] of hours) assert.deepEqual(found.get(airport) ?? [], unusual(those), airport)
  assert.ok([...found.values()].flat().length > 1_000)
})

test('airport-dashboard has the ten latest airports of each hour, once', async (t) => {
  await using broker = await ran(t, 'airport-dashboard')
  const found = new Map<string, number[]>()
  await readTopic(broker.brokers, 'latest-airports', ({ key, value }) => {
    assert.ok(!found.has(key!), key!)
    const airports = JSON.parse(value!) as ExpectedDelays[]
    found.set(
      key!,
      airports.map(({ meanDelay }) => meanDelay),
    )
  })
  const known = model.filter(({ flights }) => flights >= 5)
  const hours = grouped(known, ({ windowStart }) => new Date(windowStart).toISOString())
  assert.equal(found.size, hours.size)
  for (const [hour, airports] of hours) {
    const delays = airports.map(({ meanDelay }) => meanDelay).sort((a, b) => b - a)
    assert.deepEqual(found.get(hour), delays.slice(0, 10), hour)
  }
})
