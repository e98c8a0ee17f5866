import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { int32, json } from '../../../src/index.js'
import { FeedFilter, readQuery } from '../../../src/observe/feed/feed-filter.js'
import { RowFormat } from '../../../src/observe/feed/row-format.js'
import type { AnyStoreDefinition } from '../../../src/state/store-definition.js'
import { changelogRecord, STORES } from './feed-world.js'

const [keyValue, window, , session] = STORES as [
  AnyStoreDefinition,
  AnyStoreDefinition,
  AnyStoreDefinition,
  AnyStoreDefinition,
]

const filterOf = (store: AnyStoreDefinition, query: string): FeedFilter =>
  new FeedFilter(new RowFormat(store), readQuery(new URLSearchParams(query)))

/** Whether a filter lets the row of a key and a window start through. */
function passes(store: AnyStoreDefinition, query: string, key: string, start = 0): boolean {
  const id = new RowFormat(store).idOf(changelogRecord(store, { offset: 0, key, start, value: 1 }))!
  return filterOf(store, query).matches(id)
}

describe('the filter of a feed', () => {
  test('lets everything through that it says nothing of', () => {
    assert.ok(passes(keyValue, '', 'a'))
    assert.equal(filterOf(keyValue, 'token=x').hash, 0)
  })

  test('takes keys as JSON, or as they are', () => {
    for (const query of ['key=a', 'key="a"', 'key=b&key=a']) assert.ok(passes(keyValue, query, 'a'), query)
    assert.ok(!passes(keyValue, 'key=a', 'ab'))
    assert.ok(passes(keyValue, 'key=1', '1'), 'a text that is JSON of something else')
    const byNumber = { ...keyValue, key: int32() }
    assert.deepEqual([...filterOf(byNumber, 'key=1').keyIds!], ['\0\0\0\x01'])
    const byDocument = { ...keyValue, key: json<{ id: number }>() }
    assert.deepEqual([...filterOf(byDocument, 'key={"id":1}').keyIds!], ['{"id":1}'])
  })

  test('takes keys of all windows', () => {
    assert.ok(passes(window, 'key=a', 'a', 4))
    assert.ok(!passes(window, 'key=a', 'b', 4))
  })

  test('looks up a few keys of a store without windows, and nothing else', () => {
    assert.ok(filterOf(keyValue, 'key=a').onlyKeys)
    for (const query of ['', 'prefix=a', 'key=a&prefix=a'])
      assert.ok(!filterOf(keyValue, query).onlyKeys, query)
    assert.ok(!filterOf(window, 'key=a').onlyKeys)
  })

  test('takes how a key begins, as text', () => {
    assert.ok(passes(keyValue, 'prefix=ab', 'abc'))
    assert.ok(!passes(keyValue, 'prefix=ab', 'ac'))
    assert.ok(passes(session, 'prefix=a', 'abc', 4))
  })

  test('takes windows by their start, sessions by their end, as the views of stores do', () => {
    assert.deepEqual(
      [0, 4, 8, 12].filter((start) => passes(window, 'from=4&to=8', 'a', start)),
      [4, 8],
    )
    assert.deepEqual(
      [0, 4, 8].filter((start) => passes(session, 'from=5', 'a', start)),
      [4, 8],
    )
    assert.ok(passes(window, 'from=1970-01-01T00:00:00.004Z', 'a', 4))
  })

  test('says what is wrong', () => {
    const refused = (store: AnyStoreDefinition, query: string, message: RegExp): void =>
      assert.throws(() => filterOf(store, query), { code: 'FEED_FILTER', message })
    refused(keyValue, 'from=1', /from and to are for stores with windows/)
    refused(window, 'to=soon', /to=soon is no time/)
    refused({ ...keyValue, key: int32() }, 'key=a', /key a is none of this store/)
    const many = new URLSearchParams()
    for (let key = 0; key < 1001; key++) many.append('key', `${key}`)
    refused(keyValue, many.toString(), /1001 keys are too many/)
  })

  test('is told apart from others, and is the same in any order', () => {
    const hashes = ['', 'key=a', 'key=b', 'key=a&key=b', 'prefix=a', 'from=1', 'to=1'].map(
      (query) => filterOf(window, query).hash,
    )
    assert.equal(new Set(hashes).size, hashes.length)
    assert.equal(filterOf(window, 'key=b&key=a').hash, filterOf(window, 'key=a&key="b"').hash)
  })
})
