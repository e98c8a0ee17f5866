import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ClassicLevelStateDatabase } from '../../src/state/classic-level-state-database.js'
import { findDamage, isTableIntact } from '../../src/state/level-integrity.js'
import { isLogIntact } from '../../src/state/level-log.js'
import { WriteBatch } from '../../src/state/write-batch.js'

describe('the files of a LevelDB database', () => {
  let directory: string
  let log: Buffer
  let table: Buffer

  const fill = async (from: number): Promise<void> => {
    const database = await ClassicLevelStateDatabase.open(directory)
    for (let row = from; row < from + 2000; row++) {
      const batch = new WriteBatch()
      batch.add(Buffer.from(`key ${row}`), Buffer.from(`value ${'v'.repeat(row % 100)}`))
      await database.write(batch)
    }
    await database.close()
  }
  const read = async (extension: string): Promise<Buffer> => {
    const name = (await readdir(directory)).find((each) => each.endsWith(extension))
    return readFile(join(directory, name!))
  }

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-level-'))
    await fill(0)
    // Opening turns the log into a table.
    await fill(2000)
    log = await read('.log')
    table = await read('.ldb')
  })

  after(() => rm(directory, { recursive: true, force: true }))

  test('are intact as they were written', async () => {
    assert.equal(await findDamage(directory), undefined)
    assert.ok(isLogIntact(log))
    assert.ok(isTableIntact(table))
  })

  test('are not with any byte changed, apart from padding and what only looks like a log that ends early', () => {
    const undetected = (file: Buffer, isIntact: (file: Buffer) => boolean): number[] => {
      const positions: number[] = []
      for (let at = 0; at < file.length; at += 101) {
        file[at]! ^= 0x5a
        if (isIntact(file)) positions.push(at)
        file[at]! ^= 0x5a
      }
      return positions
    }
    assert.deepEqual(undetected(log, isLogIntact), [])
    const padding = table.length - 48
    assert.deepEqual(
      undetected(table, isTableIntact).filter((at) => at < padding),
      [],
    )
  })

  test('are without the end of a log, as its writer may have died', () => {
    assert.ok(isLogIntact(log.subarray(0, log.length - 3)))
    assert.ok(isLogIntact(Buffer.alloc(0)))
  })

  test('are with a part of a table that nothing refers to, as its writer may have died', async () => {
    const half = join(directory, '999999.ldb')
    await writeFile(half, table.subarray(0, table.length / 2))
    assert.equal(await findDamage(directory), undefined)
    await rm(half)
  })

  test('are not with a part of a table that counts', async () => {
    const name = (await readdir(directory)).find((each) => each.endsWith('.ldb'))!
    await writeFile(join(directory, name), table.subarray(0, table.length / 2))
    assert.equal(await findDamage(directory), `a checksum in ${name} is wrong`)
    await writeFile(join(directory, name), table)
  })

  test('are not with a part of a table', () => {
    assert.equal(isTableIntact(table.subarray(0, table.length / 2)), false)
    assert.equal(isTableIntact(table.subarray(100)), false)
  })

  test('are nothing to look at in a directory that is not there', async () => {
    assert.equal(await findDamage(join(directory, 'nowhere')), undefined)
  })
})
