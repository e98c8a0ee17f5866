import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import fc from 'fast-check'
import type { KeyRange, StateDatabase } from '../../src/state/state-database.js'
import { WriteBatch } from '../../src/state/write-batch.js'
import type { Backend } from './support.js'

type Rows = readonly (readonly [key: string, value: string])[]

/** A batch of puts and, where the value is undefined, deletions; keys and values as latin1 text. */
function batchOf(...changes: readonly (readonly [key: string, value: string | undefined])[]): WriteBatch {
  const batch = new WriteBatch()
  for (const [key, value] of changes) {
    batch.add(Buffer.from(key, 'latin1'), value === undefined ? undefined : Buffer.from(value, 'latin1'))
  }
  return batch
}

const range = (start: string, end: string): KeyRange => ({
  start: Buffer.from(start, 'latin1'),
  end: Buffer.from(end, 'latin1'),
})

async function scanned(database: StateDatabase, within: KeyRange, options?: object): Promise<Rows> {
  const rows: [string, string][] = []
  for await (const { keys, values } of database.scan(within, options)) {
    keys.forEach((key, at) => {
      rows.push([key.toString('latin1'), values[at]!.toString('latin1')])
    })
  }
  return rows
}

const get = (database: StateDatabase, key: string): string | undefined =>
  database.get(Buffer.from(key, 'latin1'))?.toString('latin1')

/** What every state database does; a backend passes if all of these pass. */
export function stateDatabaseConformance(backend: Backend): void {
  describe(`state database: ${backend.name}`, () => {
    it('has no value for a key that was not written', async (test) => {
      const database = await backend.create(test)
      assert.equal(get(database, 'a'), undefined)
    })

    it('estimates, if it can, that what is not there takes nothing', async (test) => {
      const database = await backend.create(test)
      assert.equal((await database.sizeOf?.(range('a', 'z'))) ?? 0, 0)
    })

    it('returns what was written, empty values too', async (test) => {
      const database = await backend.create(test)
      await database.write(batchOf(['a', '1'], ['b', '']))
      assert.equal(get(database, 'a'), '1')
      assert.equal(get(database, 'b'), '')
    })

    it('applies the operations of a batch in their order', async (test) => {
      const database = await backend.create(test)
      await database.write(
        batchOf(['a', '1'], ['a', '2'], ['b', '1'], ['b', undefined], ['c', undefined], ['c', '3']),
      )
      assert.deepEqual(await scanned(database, range('a', 'z')), [
        ['a', '2'],
        ['c', '3'],
      ])
    })

    it('takes a batch larger than a slice of work as one', async (test) => {
      const database = await backend.create(test)
      const batch = new WriteBatch()
      for (let key = 0; key < 5000; key++) batch.add(Buffer.from(`k${key}`), Buffer.from(`v${key}`))
      await database.write(batch)
      assert.equal((await scanned(database, range('k', 'l'))).length, 5000)
      assert.equal(get(database, 'k4999'), 'v4999')
    })

    it('does not see later changes of a batch or of a value that it gave out', async (test) => {
      const database = await backend.create(test)
      const batch = batchOf(['a', '1'])
      await database.write(batch)
      batch.clear()
      batch.add(Buffer.from('x'), Buffer.from('y'))
      database.get(Buffer.from('a'))!.fill('!')
      assert.equal(get(database, 'a'), '1')
    })

    it('reads several keys at one moment', async (test) => {
      const database = await backend.create(test)
      await database.write(batchOf(['a', '1'], ['b', '1']))
      const reading = database.getMany([Buffer.from('a'), Buffer.from('missing'), Buffer.from('b')])
      const writing = database.write(batchOf(['a', '2'], ['b', '2']))
      const found = (await reading).map((value) => value?.toString())
      await writing
      assert.equal(found[1], undefined)
      assert.equal(found[0], found[2])
    })

    it('scans a range from its start up to but without its end, in the order of unsigned bytes', async (test) => {
      const database = await backend.create(test)
      await database.write(
        batchOf(['\xff', '5'], ['b', '3'], ['a', '1'], ['a\x00', '2'], ['\x80', '4'], ['', '0']),
      )
      assert.deepEqual(await scanned(database, range('a', '\xff')), [
        ['a', '1'],
        ['a\x00', '2'],
        ['b', '3'],
        ['\x80', '4'],
      ])
    })

    it('scans backwards, and no more rows than asked for', async (test) => {
      const database = await backend.create(test)
      await database.write(batchOf(['a', '1'], ['b', '2'], ['c', '3'], ['d', '4']))
      assert.deepEqual(await scanned(database, range('a', 'd'), { reverse: true, limit: 2 }), [
        ['c', '3'],
        ['b', '2'],
      ])
    })

    it('gives a scan in chunks of the size asked for', async (test) => {
      const database = await backend.create(test)
      await database.write(batchOf(['a', '1'], ['b', '2'], ['c', '3']))
      const sizes: number[] = []
      for await (const chunk of database.scan(range('a', 'z'), { chunkSize: 2 }))
        sizes.push(chunk.keys.length)
      assert.deepEqual(sizes, [2, 1])
    })

    it('shows a scan the rows of the time when it began', async (test) => {
      const database = await backend.create(test)
      await database.write(batchOf(['a', '1'], ['b', '2'], ['c', '3']))
      const scan = database.scan(range('a', 'z'), { chunkSize: 1 })
      await database.write(batchOf(['a', undefined], ['b', 'changed'], ['d', 'new']))
      const rows: string[] = []
      for await (const { keys, values } of scan) rows.push(`${keys[0]}=${values[0]}`)
      assert.deepEqual(rows, ['a=1', 'b=2', 'c=3'])
    })

    it('lets a scan be left before its end', async (test) => {
      const database = await backend.create(test)
      await database.write(batchOf(['a', '1'], ['b', '2']))
      for await (const { keys } of database.scan(range('a', 'z'), { chunkSize: 1 })) {
        assert.equal(String(keys[0]), 'a')
        break
      }
      assert.equal(get(database, 'b'), '2')
    })

    it('has nothing in an empty range', async (test) => {
      const database = await backend.create(test)
      await database.write(batchOf(['a', '1']))
      assert.deepEqual(await scanned(database, range('a', 'a')), [])
      assert.deepEqual(await scanned(database, range('b', 'a')), [])
    })

    it('deletes a range from its start in bounded chunks', async (test) => {
      const database = await backend.create(test)
      await database.write(batchOf(['a', '1'], ['b', '2'], ['c', '3'], ['d', '4']))
      assert.equal(await database.deleteRange(range('a', 'd'), 2), true)
      assert.deepEqual(await scanned(database, range('', '\xff')), [
        ['c', '3'],
        ['d', '4'],
      ])
      assert.equal(await database.deleteRange(range('a', 'd'), 2), false)
      assert.deepEqual(await scanned(database, range('', '\xff')), [['d', '4']])
    })

    it('is a sorted map, whatever is written', async (test) => {
      const database = await backend.create(test)
      const model = new Map<string, string>()
      const key = fc.string({ unit: fc.constantFrom('\x00', 'a', 'b', '\x7f', '\x80', '\xff'), maxLength: 3 })
      const change = fc.tuple(
        key,
        fc.option(fc.string({ unit: 'grapheme-ascii', maxLength: 4 }), { nil: undefined }),
      )
      await fc.assert(
        fc.asyncProperty(
          fc.array(change, { maxLength: 20 }),
          key,
          key,
          fc.boolean(),
          async (changes, from, to, reverse) => {
            await database.write(batchOf(...changes))
            for (const [changed, value] of changes) {
              if (value === undefined) model.delete(changed)
              else model.set(changed, value)
            }
            for (const [changed] of changes) assert.equal(get(database, changed), model.get(changed))
            const expected = [...model]
              .filter(([each]) => each >= from && each < to)
              .sort(([a], [b]) => (a < b ? -1 : 1))
            if (reverse) expected.reverse()
            assert.deepEqual(await scanned(database, range(from, to), { reverse, chunkSize: 3 }), expected)
          },
        ),
        { numRuns: 60 },
      )
    })

    it('refuses to be used once it is closed', async (test) => {
      const database = await backend.create(test)
      await database.close()
      await database.close()
      assert.throws(() => database.get(Buffer.from('a')))
      await assert.rejects(database.write(batchOf(['a', '1'])))
    })
  })
}
