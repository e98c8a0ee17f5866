import assert from 'node:assert/strict'
import { before, describe, it } from 'node:test'
import { COUNTED_WORKLOADS, type CountedWorkload } from './counted-workloads.js'
import { countedBy } from './counting-process.js'

type Counts = Readonly<Record<CountedWorkload, { readonly heap: number; readonly copied: number }>>

/**
 * Counted in Node 20, and a quarter more: of `filter-map` 224 bytes, 120 of them the value that JSON gives, the rest the
 * key, the user in the value and a third of an output value; what is more elsewhere waits for the commit: of `hopping`
 * six windows of each key, of `sliding` three.
 */
const MOST_HEAP: Readonly<Record<CountedWorkload, number>> = {
  'filter-map': 280,
  count: 290,
  window: 310,
  hopping: 770,
  sliding: 860,
  session: 1_260,
}

const KEY = 10
const WINDOW_START = 8
const SEQUENCE = 4
const SESSION = 16
const VALUE = 8
/** A row of a window, in the output and in the changelog. */
const WINDOWED = KEY + WINDOW_START + KEY + WINDOW_START + SEQUENCE + VALUE
/** The part of the records behind which a row is sent, once to the output and once to the changelog. */
const SENT_PER_RECORD = 2_000 / 8_000
/** A text of types: not quite a third is kept. */
const KEPT_PER_RECORD = 0.34

/** Keys and rows are serialized once; from there each byte is copied into the batch that is sent. */
const MOST_COPIED: Readonly<Record<CountedWorkload, number>> = {
  'filter-map': KEPT_PER_RECORD * KEY,
  count: SENT_PER_RECORD * (KEY + KEY + VALUE) + 0.1,
  window: SENT_PER_RECORD * WINDOWED + 0.1,
  hopping: 6 * SENT_PER_RECORD * WINDOWED + 0.1,
  sliding: 3 * SENT_PER_RECORD * WINDOWED + 0.1,
  session: SENT_PER_RECORD * (KEY + SESSION + KEY + SESSION + VALUE) + 0.1,
}

const WAYS: readonly [way: string, args: readonly string[]][] = [
  ['through a task', []],
  ['through a task with watermarks', ['watermarks']],
]

for (const [way, args] of WAYS) {
  describe(`the way of a record ${way}`, () => {
    let counted: Counts

    before(() => {
      counted = countedBy('./engine-path.js', ...args) as Counts
    })

    for (const workload of COUNTED_WORKLOADS) {
      it(`allocates little more than what is read, in ${workload}`, () => {
        const { heap } = counted[workload]
        assert.ok(heap > 0 && heap < MOST_HEAP[workload], `${heap} bytes a record`)
      })

      it(`copies what is sent once, and nothing of what is read, in ${workload}`, () => {
        const { copied } = counted[workload]
        assert.ok(copied > 0 && copied <= MOST_COPIED[workload], `${copied} bytes a record`)
      })
    }
  })
}
