import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { AbortedTransaction } from '../../../src/kafka/records/fetched-chunk.js'
import { batchOf, chunkOf, compacted, marker, offsetsOf, readAll, record } from './batches.js'

/** One step of a log: `w7` producer 7 writes in a transaction, `p` somebody writes without one, `c7`/`a7` it ends. */
const logOf = (script: string): Buffer[] =>
  script.split(' ').map((step, offset) => {
    const producerId = Number(step.slice(1))
    if (step[0] === 'c') return marker('commit', offset, producerId)
    if (step[0] === 'a') return marker('abort', offset, producerId)
    if (step[0] === 'p') return batchOf([record(1, 'k', 'v')], { baseOffset: offset, producerId })
    return batchOf([record(1, 'k', 'v')], { baseOffset: offset, producerId, transactional: true })
  })

/** The aborted transactions of a log, as a broker names them: with the first offset, in the order of their ends. */
const abortedIn = (script: string): AbortedTransaction[] => {
  const open = new Map<number, number>()
  const aborted: AbortedTransaction[] = []
  for (const [offset, step] of script.split(' ').entries()) {
    const producerId = Number(step.slice(1))
    const firstOffset = open.get(producerId)
    if (step[0] === 'w' && firstOffset === undefined) open.set(producerId, offset)
    if (step[0] === 'a' && firstOffset !== undefined) aborted.push({ producerId, firstOffset })
    if (step[0] === 'a' || step[0] === 'c') open.delete(producerId)
  }
  return aborted
}

const committed = (script: string, fetchOffset = 0): number[] =>
  offsetsOf(chunkOf(logOf(script), { fetchOffset, abortedTransactions: abortedIn(script) }))

describe('reading committed', () => {
  test('leaves out an aborted transaction and its marker only', () => {
    assert.deepEqual(committed('w1 w1 a1 w1 c1'), [3])
    assert.deepEqual(committed('p9 w1 p9 a1 p9'), [0, 2, 4])
  })

  test('tells interleaved transactions apart', () => {
    assert.deepEqual(committed('w1 w2 w1 w2 a1 w2 c2'), [1, 3, 5])
    assert.deepEqual(committed('w1 w2 w3 a2 w1 w3 a1 w3 c3'), [2, 5, 7])
    assert.deepEqual(committed('w1 w2 a2 w2 w1 c2 a1 w1 c1'), [3, 7])
  })

  test('takes each transaction of a producer for itself', () => {
    assert.deepEqual(committed('w1 a1 w1 c1 w1 a1 w1 c1'), [2, 6])
    assert.deepEqual(committed('w1 a1 w1 a1 w1 a1'), [])
  })

  test('knows of a transaction that began before the fetch offset', () => {
    assert.deepEqual(committed('w1 w2 w1 w2 a1 w2 c2 w1 c1', 2), [3, 5, 7])
  })

  test('a producer outside a transaction is not touched by its aborted one', () => {
    assert.deepEqual(committed('w1 p1 a1 p1'), [1, 3])
  })

  test('continues behind everything that was left out', () => {
    const script = 'w1 w1 a1'
    const chunk = chunkOf(logOf(script), { abortedTransactions: abortedIn(script) })
    assert.deepEqual(readAll(chunk), { records: [], nextOffset: 3 })
  })

  test('takes aborted transactions in any order', () => {
    const script = 'w3 w1 w2 a2 w3 a1 w2 a3 c2'
    const aborted = abortedIn(script)
    for (const abortedTransactions of [aborted, aborted.toReversed()]) {
      assert.deepEqual(offsetsOf(chunkOf(logOf(script), { abortedTransactions })), [6])
    }
  })

  test('a key of four zero bytes is a key like any other', () => {
    const zero = Buffer.alloc(4)
    const write = (baseOffset: number, producerId: number): Buffer =>
      batchOf([record(1, zero, 'v')], { baseOffset, producerId, transactional: true })
    const log = [
      write(0, 1),
      write(1, 2),
      write(2, 1),
      marker('abort', 3, 1),
      write(4, 2),
      marker('commit', 5, 2),
    ]
    const { records, nextOffset } = readAll(
      chunkOf(log, { abortedTransactions: [{ producerId: 1, firstOffset: 0 }] }),
    )
    assert.deepEqual(
      records.map(({ offset, key }) => [offset, key]),
      [
        [1, zero],
        [4, zero],
      ],
    )
    assert.equal(nextOffset, 6)
  })

  test('a marker that compaction has emptied ends nothing', () => {
    const empty = compacted([record(0, Buffer.alloc(4), 'v')], [], {
      baseOffset: 1,
      producerId: 1,
      transactional: true,
    })
    const [write] = logOf('w1')
    const chunk = chunkOf([write!, empty], { abortedTransactions: [{ producerId: 1, firstOffset: 0 }] })
    assert.deepEqual(readAll(chunk), { records: [], nextOffset: 2 })
  })

  test('reading uncommitted delivers aborted records, and no markers', () => {
    const script = 'w1 w2 a1 w2 c2'
    const chunk = chunkOf(logOf(script), { abortedTransactions: abortedIn(script) })
    assert.deepEqual(offsetsOf(chunk, 'read_uncommitted'), [0, 1, 3])
  })

  test('delivers exactly the records of committed transactions, whatever the interleaving', () => {
    const arbitraryStep = fc.tuple(
      fc.constantFrom('w', 'w', 'w', 'p', 'c', 'a'),
      fc.integer({ min: 1, max: 4 }),
    )
    fc.assert(
      fc.property(fc.array(arbitraryStep, { minLength: 1, maxLength: 60 }), (steps) => {
        const ends = [1, 2, 3, 4].map((producer) => `c${producer}`)
        const script = [...steps.map(([kind, producer]) => `${kind}${producer}`), ...ends].join(' ')
        const fate = script.split(' ').map((step, offset, all) => {
          if (step[0] === 'p') return true
          if (step[0] !== 'w') return false
          const end = all
            .slice(offset)
            .find((later) => 'ca'.includes(later[0]!) && later.slice(1) === step.slice(1))
          return end![0] === 'c'
        })
        const expected = fate.flatMap((delivered, offset) => (delivered ? [offset] : []))
        assert.deepEqual(committed(script), expected)
      }),
      { numRuns: 300 },
    )
  })
})
