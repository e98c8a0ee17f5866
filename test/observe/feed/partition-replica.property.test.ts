import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { PartitionReplica } from '../../../src/observe/feed/partition-replica.js'
import { bytesOf, type ReplicaRow } from '../../../src/observe/feed/replica-row.js'

const change = fc.record({
  key: fc.nat(30),
  deletes: fc.boolean(),
  shown: fc.boolean(),
  position: fc.nat(40),
})

const all = (replica: PartitionReplica): ReplicaRow[] => [...replica.changes(0, replica.end)]

describe('a replica of a partition', () => {
  for (const windowed of [false, true]) {
    test(`counts what it has${windowed ? ', with windows' : ''}, in the order of the changes`, () => {
      fc.assert(
        fc.property(
          fc.array(change, { maxLength: 200 }),
          fc.constantFrom(1_000, 1_000_000),
          (changes, room) => {
            const replica = new PartitionReplica(room)
            for (const [offset, { key, deletes, shown, position }] of changes.entries()) {
              const raw = deletes ? undefined : 'x'.repeat(key)
              const id = `${key}/${windowed ? position : ''}`
              if (windowed) replica.putWindowed(id, raw, offset, 0, position, 10)
              else replica.put(id, raw, offset, 0)
              const row = replica.get(id)
              if (shown && row !== undefined) replica.show(row, `{"of":"${id}"}`)
            }
            const rows = all(replica)
            assert.equal(
              replica.bytes,
              rows.reduce((sum, row) => sum + bytesOf(row), 0),
            )
            assert.equal(replica.size, rows.filter(({ deleted }) => !deleted).length)
            assert.equal(new Set(rows.map(({ id }) => id)).size, rows.length)
            const order = rows.map(({ sequence }) => sequence)
            assert.deepEqual(
              order,
              [...order].sort((a, b) => a - b),
            )
            const notes = rows.filter(({ deleted }) => deleted)
            assert.ok(notes.reduce((sum, row) => sum + bytesOf(row), 0) <= room + 100)
          },
        ),
      )
    })
  }

  test('takes no more memory for rows that come and go', () => {
    const replica = new PartitionReplica(10_000)
    for (let offset = 0; offset < 100_000; offset++) {
      replica.putWindowed(`${offset % 7}`, offset % 2 === 0 ? 'x' : undefined, offset, 0, 0, 10)
    }
    const { log, notes, expiring } = replica as unknown as {
      readonly log: readonly unknown[]
      readonly notes: readonly unknown[]
      readonly expiring: { readonly size: number }
    }
    assert.ok(log.length + notes.length + expiring.size < 5_000)
  })

  test('lets the rows go whose last change lies before the beginning of the log', () => {
    const replica = new PartitionReplica(1_000_000)
    for (let offset = 0; offset < 10; offset++) replica.put(`${offset % 6}`, 'x', offset, 0)
    replica.position = 10
    replica.cutOff(6)
    assert.deepEqual(
      all(replica).map(({ id, deleted }) => (deleted ? `-${id}` : id)),
      ['0', '1', '2', '3', '-4', '-5'],
    )
    assert.equal(replica.size, 4)
  })
})
