import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { describe, it } from 'node:test'
import { ClassicLevelStateDatabase } from '../../src/state/classic-level-state-database.js'
import { MemoryStateDatabase } from '../../src/state/memory-state-database.js'
import { SortedKeys } from '../../src/state/sorted-keys.js'
import { afterPrefix } from '../../src/state/state-database.js'
import { StateDirectoryLockedError } from '../../src/state/state-errors.js'
import { WriteBatch } from '../../src/state/write-batch.js'
import { stateDatabaseConformance } from './state-database-conformance.js'
import { backends, temporaryDirectory } from './support.js'

const MIB = 1024 * 1024

for (const backend of backends) stateDatabaseConformance(backend)

describe('classic-level state database', () => {
  it('holds after a reopening what was written', async (test) => {
    const directory = await temporaryDirectory(test)
    const first = await ClassicLevelStateDatabase.open(directory)
    const batch = new WriteBatch()
    batch.add(Buffer.from('a'), Buffer.from('1'))
    await first.write(batch)
    await first.close()
    const second = await ClassicLevelStateDatabase.open(directory)
    assert.equal(String(second.get(Buffer.from('a'))), '1')
    await second.close()
  })

  it('estimates what a range takes, once it is out of the write buffer', async (test) => {
    const database = await ClassicLevelStateDatabase.open(await temporaryDirectory(test))
    test.after(() => database.close())
    const all = { start: Buffer.from('a'), end: Buffer.from('z') }
    assert.equal(await database.sizeOf(all), 0)
    // Random bytes: LevelDB compresses.
    for (let row = 0; row < 40; row++) {
      const batch = new WriteBatch()
      batch.add(Buffer.from(`b${row}`), randomBytes(MIB))
      await database.write(batch)
    }
    assert.ok((await database.sizeOf(all)) > 16 * MIB)
    assert.equal(await database.sizeOf({ start: Buffer.from('x'), end: Buffer.from('z') }), 0)
  })

  it('can be opened once only', async (test) => {
    const directory = await temporaryDirectory(test)
    const first = await ClassicLevelStateDatabase.open(directory)
    await assert.rejects(ClassicLevelStateDatabase.open(directory), StateDirectoryLockedError)
    await first.close()
  })

  it('is empty again after it was destroyed', async (test) => {
    const directory = await temporaryDirectory(test)
    const first = await ClassicLevelStateDatabase.open(directory)
    const batch = new WriteBatch()
    batch.add(Buffer.from('a'), Buffer.from('1'))
    await first.write(batch)
    await first.destroy()
    const second = await ClassicLevelStateDatabase.open(directory)
    assert.equal(second.get(Buffer.from('a')), undefined)
    await second.close()
  })
})

describe('memory state database', () => {
  it('can be written within a step', () => {
    const database = new MemoryStateDatabase()
    const batch = new WriteBatch()
    batch.add(Buffer.from('a'), Buffer.from('1'))
    database.writeSync(batch)
    assert.equal(String(database.get(Buffer.from('a'))), '1')
  })
})

describe('sorted keys', () => {
  it('stay in order over many runs', () => {
    const sorted = new SortedKeys()
    const keys = Array.from({ length: 5000 }, (_, index) => `k${(index * 7919) % 5000}`)
    for (const key of keys) sorted.add(key)
    for (const key of keys.slice(0, 2500)) sorted.delete(key)
    const expected = keys.slice(2500).sort()
    assert.deepEqual(sorted.between('', 'z'), expected)
    assert.deepEqual(
      sorted.between('k2', 'k3'),
      expected.filter((key) => key >= 'k2' && key < 'k3'),
    )
  })
})

describe('afterPrefix', () => {
  it('is the least bytes behind all that begin with the prefix', () => {
    assert.deepEqual(afterPrefix(Buffer.from([1, 2])), Buffer.from([1, 3]))
    assert.deepEqual(afterPrefix(Buffer.from([1, 255, 255])), Buffer.from([2]))
    assert.deepEqual(afterPrefix(Buffer.from([255])), Buffer.alloc(0))
  })
})
