import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { int64, StreamsBuilder, string, type Windowed } from '../../src/index.js'
import { answerQuery, type StoreQuery, type StoreRow } from '../../src/runtime/store-query.js'
import { storeView } from '../../src/runtime/store-views.js'
import type { StreamThreadHandle } from '../../src/runtime/stream-thread-handle.js'
import { NO_HEADERS } from '../../src/serdes/record-headers.js'
import type { KeyValueStore, SpanStore } from '../../src/state/store.js'
import type { TaskState } from '../../src/state/task-state.js'
import { SessionWindows } from '../../src/windows/session-windows.js'
import { backends, Changelogs, collect, commit, openState, optionsFor } from '../state/support.js'

const ROWS = 5000

const topology = (() => {
  const builder = new StreamsBuilder()
  const stream = builder.stream('in', { key: string(), value: int64() })
  stream.groupByKey().count({ store: 'counts' })
  stream.groupByKey().windowedBy(SessionWindows.of(10).grace(1_000_000)).count({ store: 'sessions' })
  return builder.build()
})()

/** A thread that answers from some states, and takes note of how many rows its answers have. */
function threadOf(states: readonly TaskState[], answered: number[]): StreamThreadHandle {
  const query = async (question: StoreQuery): Promise<StoreRow[]> => {
    const rows = (await Promise.all(states.map((state) => answerQuery(state, question)))).flat()
    answered.push(rows.length)
    return rows
  }
  return { query } as StreamThreadHandle
}

describe('streams of rows', () => {
  for (const backend of backends) {
    it(`are the rows of all tasks in order, and ask for few at a time, on ${backend.name}`, async (test) => {
      const { stores } = topology.subTopologies[0]!
      const states = [
        await openState(optionsFor(await backend.create(test), stores)),
        await openState(optionsFor(await backend.create(test), stores)),
      ]
      for (const [task, state] of states.entries()) {
        const counts = state.store<KeyValueStore<string, number>>('counts')
        const sessions = state.store<SpanStore<string, number>>('sessions')
        for (let index = task; index < ROWS; index += 2) {
          const key = `key-${String((index * 7919) % ROWS).padStart(5, '0')}`
          counts.write(counts.entry(key), index, index, NO_HEADERS)
          const end = index % 500
          sessions.write(sessions.span(key, Math.max(0, end - 3), end)!, index, end, NO_HEADERS)
        }
        await commit(state, new Changelogs())
      }
      const answered: number[] = []
      const threads = () => [threadOf([states[0]!], answered), threadOf([states[1]!], answered)]
      const counts = storeView<string, number>(topology, 'counts', threads)
      const sessions = storeView<Windowed<string>, number>(topology, 'sessions', threads)
      for (const options of [{}, { reverse: true }, { reverse: true, limit: 2500 }]) {
        const all = await counts.all(options)
        const windows = await sessions.fetchAll(0, ROWS, options)
        assert.equal(all.length, options.limit ?? ROWS)
        assert.equal(windows.length, options.limit ?? ROWS)
        answered.length = 0
        assert.deepEqual(await collect(counts.stream(undefined, undefined, options)), all)
        assert.deepEqual(await collect(sessions.stream(0, ROWS, options)), windows)
        assert.ok(Math.max(...answered) <= 1000, `${Math.max(...answered)} rows at a time`)
      }
      const some = await counts.range('key-01000', 'key-02000')
      assert.deepEqual(await collect(counts.stream('key-01000', 'key-02000')), some)
    })
  }
})
