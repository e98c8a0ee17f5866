import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { json, string } from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'
import topology, { type CoViews, demo, type View } from '../../topologies/recommendations.js'

type Seen = readonly [user: string, item: string, minute: number]

/** What stands for each item when all visits are over, the greatest first. */
function recommended(views: readonly Seen[]): Record<string, string> {
  using driver = new TopologyTestDriver(topology)
  const topic = driver.createInputTopic('views', { key: string(), value: json<View>() })
  for (const [user, item, minute] of views) topic.pipe(user, { item }, { timestamp: minute * 60_000 })
  driver.drain()
  const out = driver.createOutputTopic('recommendations', {
    key: string(),
    value: json<readonly CoViews[]>(),
  })
  const last = new Map(out.readKeyValues())
  return Object.fromEntries(
    [...last].map(([item, top]) => [item!, top!.map((each) => `${each.item} ${each.visits}`).join(', ')]),
  )
}

describe('topologies/recommendations.ts', () => {
  it('counts what is looked at in one visit, however often, in both directions', () => {
    const views: Seen[] = [
      ['ann', 'tent', 0],
      ['ann', 'lamp', 10],
      ['ann', 'tent', 20],
      ['bob', 'lamp', 5],
    ]
    assert.deepEqual(recommended(views), { tent: 'lamp 1', lamp: 'tent 1' })
  })

  it('begins another visit when a user did nothing for half an hour', () => {
    const views: Seen[] = [
      ['ann', 'tent', 0],
      ['ann', 'lamp', 31],
    ]
    assert.deepEqual(recommended(views), {})
  })

  it('keeps the three of the most visits', () => {
    const views = demo.input.map(
      ({ key, value, timestamp }): Seen => [key, JSON.parse(value).item, timestamp / 60_000],
    )
    const { tent, boots } = recommended(views)
    assert.equal(tent, 'stove 3, boots 2, lamp 2')
    assert.equal(boots, 'socks 3, lamp 2, tent 2')
  })
})
