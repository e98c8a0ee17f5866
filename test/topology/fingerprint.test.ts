import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { int64 } from '../../src/serdes/int64.js'
import { json } from '../../src/serdes/json.js'
import { string } from '../../src/serdes/string.js'
import { TumblingWindows } from '../../src/windows/tumbling-windows.js'

interface Variant {
  topic?: string
  windows?: TumblingWindows
  store?: string
  group?: string
  retention?: number
  logging?: boolean
  caching?: boolean
  asJson?: boolean
  step?: number
  peek?: boolean
  output?: string
}

function fingerprintOf({
  topic = 'in',
  windows = TumblingWindows.of(10),
  store = 'sums',
  group = 'g',
  retention = 100,
  logging = true,
  caching = true,
  asJson = false,
  step = 1,
  peek = false,
  output = 'out',
}: Variant): string {
  const builder = new StreamsBuilder()
  const input = builder.stream(topic, { key: string(), value: string() })
  const table = (peek ? input.peek(() => {}) : input)
    .groupBy((_, value) => value, { key: string(), name: group })
    .windowedBy(windows)
    .aggregate(
      () => 0,
      (_key, _value, sum) => sum + step,
      { store, value: asJson ? json<number>() : int64(), retention, logging, caching },
    )
  table.toStream().to(output)
  return builder.build().fingerprint
}

describe('the fingerprint of a topology', () => {
  const original = fingerprintOf({})

  test('is sixteen hex digits', () => {
    assert.match(original, /^[0-9a-f]{16}$/)
  })

  test('does not change between versions of Millrace', () => {
    assert.equal(original, '30a1c1525e085ab2')
  })

  const unchanged: Record<string, Variant> = {
    'the same topology': {},
    'other functions': { step: 2 },
    'a stateless operator more': { peek: true },
    'another output topic': { output: 'elsewhere' },
    'caching, which state does not depend on': { caching: false },
  }
  for (const [change, variant] of Object.entries(unchanged)) {
    test(`stays with ${change}`, () => assert.equal(fingerprintOf(variant), original))
  }

  const changed: Record<string, Variant> = {
    'another input topic': { topic: 'other' },
    'another window size': { windows: TumblingWindows.of(20) },
    'another store': { store: 'totals' },
    'another repartition topic': { group: 'h' },
    'another retention': { retention: 200 },
    'a store without changelog': { logging: false },
    'another serde': { asJson: true },
  }
  for (const [change, variant] of Object.entries(changed)) {
    test(`changes with ${change}`, () => assert.notEqual(fingerprintOf(variant), original))
  }
})
