import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { CodedError, StreamsBuilder, TopologyError } from '../../src/index.js'
import { messageOf, plain, rowsOf } from '../support/document-table.js'
import { stream } from '../topology/golden/golden-topology.js'
import { FOREIGN_KEYS, VERSIONS } from './foreign-keys-and-versions.js'
import { JOINS } from './joins.js'
import { refusalOf } from './misuse.js'
import { NAMES } from './names.js'
import { SCHEMAS } from './schemas.js'
import { SERDES } from './serdes.js'
import { SHAPE } from './shape.js'
import { WINDOWS } from './windows.js'

const MISUSES = {
  ...SERDES,
  ...NAMES,
  ...WINDOWS,
  ...JOINS,
  ...FOREIGN_KEYS,
  ...VERSIONS,
  ...SHAPE,
  ...SCHEMAS,
}

const document = readFileSync(join(import.meta.dirname, '../../../docs/misuse.md'), 'utf8')

/** The messages of docs/misuse.md, by misuse. */
const documented = new Map(
  rowsOf(document.split('\n## What does not compile')[0]!).map(([misuse, where, message]) => [
    plain(misuse!),
    { where: plain(where!), message: messageOf(message!) },
  ]),
)

describe('misuse', () => {
  for (const [name, misuse] of Object.entries(MISUSES)) {
    test(name, () => {
      const row = documented.get(name)
      assert.ok(row, `docs/misuse.md has no row '${name}'`)
      const refusal = refusalOf(misuse)
      assert.ok(refusal, 'nothing refuses it')
      assert.ok(refusal.error instanceof CodedError)
      assert.match(refusal.error.message, row.message)
      assert.equal(refusal.where, row.where)
      if (refusal.error instanceof TopologyError) {
        assert.ok(refusal.error.message.startsWith(`${refusal.error.operator}: `))
      }
    })
  }

  test('is tried by a test for every row of docs/misuse.md', () => {
    assert.deepEqual([...documented.keys()].sort(), Object.keys(MISUSES).sort())
  })

  test('has a stack that shows the line of the wrong call', () => {
    const builder = new StreamsBuilder()
    const wrongCall = () => stream(builder).repartition({ partitions: -1 })
    wrongCall()
    assert.throws(() => builder.build(), { stack: /wrongCall/ })
  })
})
