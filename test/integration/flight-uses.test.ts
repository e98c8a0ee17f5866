import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { readFlights } from '../../src/cli/flights/flight-data.js'
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

test('delay-anomalies finds the unusual hours of all flights', async (t) => {
  const data = await temporaryData(t)
  await using command = new StartCommand(
    ['delay-anomalies', '--exit', '--speed', 'max', '--progress', 'json'],
    { MILLRACE_DATA: data },
  )
  assert.equal(await command.exited, 0, command.stderr)

  await using broker = await KafkaBroker.start({ dataDir: join(data, 'kafka') })
  const found = new Map<string, Comparison[]>()
  await readTopic(broker.brokers, 'delay-anomalies', ({ key, value }) => {
    const { windowStart, meanDelay, usualDelay, deviation } = JSON.parse(value!) as DelayAnomaly
    found.set(key!, [...(found.get(key!) ?? []), { windowStart, meanDelay, usualDelay, deviation }])
  })
  const hours = new Map<string, ExpectedDelays[]>()
  for (const hour of airportDelaysModel(await readFlights()).values()) {
    hours.set(hour.airport, [...(hours.get(hour.airport) ?? []), hour])
  }
  for (const [airport, those] of hours) assert.deepEqual(found.get(airport) ?? [], unusual(those), airport)
  assert.ok([...found.values()].flat().length > 1_000)
})
