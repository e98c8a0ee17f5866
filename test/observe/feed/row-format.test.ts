import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { bytes, int64, json, type Serde, string } from '../../../src/index.js'
import { feedJson } from '../../../src/observe/feed/feed-json.js'
import { RowFormat } from '../../../src/observe/feed/row-format.js'
import type { AnyStoreDefinition } from '../../../src/state/store-definition.js'
import { windowRowKey } from '../../../src/state/window-row-key.js'
import { changelogRecord, STORES } from './feed-world.js'

const common = { name: 'rows', key: string(), value: json<number>(), caching: false, logging: true }
const record = { offset: 0, key: 'käy', start: 4, value: 7 }

/** The row of a record of a store, as it is shown. */
function rowOf(store: AnyStoreDefinition, of = record) {
  const format = new RowFormat(store)
  const found = changelogRecord(store, of)
  const id = format.idOf(found)!
  const raw = format.rawValue(found)
  const value = raw === undefined ? undefined : format.shownValue(id, raw)
  return { key: format.keyOf(id), window: format.windowOf(id), value }
}

describe('a row of a changelog', () => {
  for (const store of STORES) {
    test(`of a ${store.kind} store has its key, its window and its value`, () => {
      const end = store.kind === 'session' ? 5 : 8
      const window = store.kind === 'keyValue' ? undefined : { start: 4, end }
      assert.deepEqual(rowOf(store), { key: 'käy', window, value: 7 })
    })
  }

  test('of a store that processors keep by windows has its window', () => {
    const windows = {
      key: string() as Serde<unknown>,
      size: 4,
      retention: 10,
      retainDuplicates: false,
      sameKey: (left: unknown, right: unknown) => left === right,
    }
    const store: AnyStoreDefinition = { ...common, kind: 'keyValue', key: windowRowKey(string()), windows }
    const kept = changelogRecord(STORES[1]!, record)
    const format = new RowFormat(store)
    const id = format.idOf(kept)!
    assert.deepEqual(format.windowOf(id), { start: 4, end: 8 })
    assert.equal(format.keyOf(id), 'käy')
    assert.throws(() => new RowFormat({ ...store, windows: { ...windows, retainDuplicates: true } }), {
      code: 'FEED_STORE',
      message: "store 'rows' keeps several rows of a key and window: a feed shows one",
    })
  })

  test('of a user’s topic is of the key that its serde reads, whatever the bytes', () => {
    const key: Serde<string> = {
      ...string(),
      name: 'trimmed',
      deserialize: read,
      serialize: (text, to) => to.writeUtf8(text),
    }
    const format = new RowFormat({ ...common, kind: 'keyValue', key, logging: false, sourceTopic: 'topic' })
    const store = STORES[0]!
    const ids = ['k', ' k', 'k  '].map((text) =>
      format.idOf(changelogRecord(store, { ...record, key: text })),
    )
    assert.deepEqual(ids, ['k', 'k', 'k'])
  })

  test('of a store without changelog, or with versions, has no feed', () => {
    assert.throws(() => new RowFormat({ ...common, kind: 'keyValue', logging: false }), {
      code: 'FEED_STORE',
      message: "store 'rows' has no changelog, which a feed reads: give it one (logging)",
    })
    assert.throws(() => new RowFormat({ ...common, kind: 'versioned', historyRetention: 1 }), {
      code: 'FEED_STORE',
      message: "store 'rows' is versioned: a feed shows one value of a key",
    })
  })

  test('is shown as the options say', () => {
    const format = new RowFormat({ ...common, kind: 'keyValue' }, (value, key) => [key, value])
    assert.deepEqual(format.shownValue('k', '5'), ['k', 5])
  })
})

const read = (source: Buffer, start: number, end: number): string =>
  source.toString('utf8', start, end).trim()

describe('JSON of a feed', () => {
  test('has what JSON has not as text', () => {
    assert.equal(feedJson({ large: 2n ** 60n, none: undefined }), '{"large":"1152921504606846976"}')
    assert.equal(feedJson(new Uint8Array([1, 2, 3])), '"AQID"')
    assert.equal(feedJson({ buffer: Buffer.from('abc') }), '{"buffer":"YWJj"}')
    assert.equal(feedJson(undefined), 'null')
  })

  test('shows keys of other types', () => {
    const format = new RowFormat({
      ...common,
      kind: 'keyValue',
      key: int64({ as: 'bigint' }),
      value: bytes(),
    })
    const id = format.idOfKey(5n)
    assert.equal(feedJson(format.keyOf(id)), '"5"')
    assert.equal(feedJson(format.shownValue(id, 'ab')), '"YWI="')
  })
})
