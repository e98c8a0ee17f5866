import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { Stores, StreamsBuilder, string } from '../../src/index.js'
import { serdeUses } from '../../src/runtime/serde-uses.js'
import { GatedSerde } from '../support/gated-serde.js'

/** Where the bytes of a serde lie in a topology, as text. */
function usesOf(builder: StreamsBuilder, serde: GatedSerde): string[] {
  builder.stream('in', { key: string(), value: string() })
  const uses = serdeUses(builder.build(), 'app').get(serde) ?? []
  return uses.map(({ topic, part, access }) => `${access} ${part} ${topic}`).toSorted()
}

describe('the bytes of a serde', () => {
  test('of a global table lie in its topic, which is its own changelog', () => {
    const value = new GatedSerde('a')
    const builder = new StreamsBuilder()
    builder.globalTable('rows', { key: value, value })
    assert.deepEqual(usesOf(builder, value), [
      'read key rows',
      'read value rows',
      'state key rows',
      'state value rows',
    ])
  })

  test('of a global store that its processor fills otherwise lie in no topic', () => {
    const value = new GatedSerde('a')
    const builder = new StreamsBuilder()
    const store = Stores.keyValue('lengths', { key: string(), value })
    builder.addGlobalStore(store, 'rows', { key: string(), value: string() }, () => ({
      process: () => undefined,
    }))
    assert.deepEqual(usesOf(builder, value), ['state value app-lengths-changelog'])
  })
})
