import assert from 'node:assert/strict'
import { join } from 'node:path'
import { test } from 'node:test'
import { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import { type CoViews, demo as recommendations, type View } from '../../topologies/recommendations.js'
import { readTopic } from '../support/read-topic.js'
import { StartCommand } from '../support/start-command.js'
import { temporaryData } from '../support/temporary-data.js'

/** The greatest rows when all is processed: a name, and figures. */
const GREATEST: Readonly<Record<string, readonly (readonly [name: string, ...figures: number[]])[]>> = {
  'word-count': [
    ['a', 5],
    ['streams', 5],
    ['the', 5],
  ],
  'page-views-by-region': [
    ['americas', 3],
    ['asia', 4],
  ],
  temperature: [['temp', 40]],
  'rate-limits': [['crawler', 0, 20, 20]],
  'log-aggregation': [
    ['checkout', 973, 2789, 973 / 2789, 0.6498599439775911],
    ['images', 0, 1267, 0, 0],
    ['search', 691, 1944, 691 / 1944, 0.4143646408839779],
  ],
}

test('each small example runs on a broker until its input is processed, and shows its results', async (t) => {
  const data = await temporaryData(t)
  for (const [name, greatest] of Object.entries(GREATEST)) {
    await using command = new StartCommand([name, '--exit', '--progress', 'json'], { MILLRACE_DATA: data })
    assert.equal(await command.exited, 0, command.stderr)
    assert.equal(command.summary.complete, true)
    const rows = command.lines.at(-2)!.rows as Readonly<Record<string, string | number>>[]
    const shown = rows.map((row) => Object.values(row)).slice(0, greatest.length)
    assert.deepEqual(shown.sort(), greatest)
  }
})

/** What was seen together in visits that end after half an hour without a view, the three most frequent by item. */
function recommended(): Map<string, readonly CoViews[]> {
  const visits = new Map<string, { items: Set<string>; last: number }[]>()
  for (const { key, value, timestamp } of recommendations.input) {
    const { item } = JSON.parse(value) as View
    const those = visits.get(key) ?? []
    visits.set(key, those)
    const current = those.at(-1)
    if (current === undefined || timestamp - current.last > 30 * 60_000) {
      those.push({ items: new Set([item]), last: timestamp })
    } else {
      current.items.add(item)
      current.last = timestamp
    }
  }
  const all = [...visits.values()].flat().map(({ items }) => items)
  const items = new Set(all.flatMap((each) => [...each]))
  const together = (one: string, other: string) =>
    all.filter((each) => each.has(one) && each.has(other)).length
  return new Map(
    [...items].map((item) => {
      const others = [...items].filter((other) => other !== item).sort()
      const counted = others.map((other) => ({ item: other, visits: together(item, other) }))
      const seen = counted.filter(({ visits }) => visits > 0).sort((one, other) => other.visits - one.visits)
      return [item, seen.slice(0, 3)]
    }),
  )
}

test('recommendations has what is seen together most, of all visits, the last ones too', async (t) => {
  const data = await temporaryData(t)
  const options = ['--exit', '--speed', 'max', '--progress', 'json']
  await using command = new StartCommand(['recommendations', ...options], { MILLRACE_DATA: data })
  assert.equal(await command.exited, 0, command.stderr)
  await using broker = await KafkaBroker.start({ dataDir: join(data, 'kafka') })
  const found = new Map<string, readonly CoViews[]>()
  await readTopic(broker.brokers, 'recommendations', ({ key, value }) => {
    found.set(key!, JSON.parse(value!) as readonly CoViews[])
  })
  const expected = recommended()
  assert.deepEqual(expected.get('tent')![0], { item: 'stove', visits: 3 })
  assert.deepEqual(found, expected)
})
