import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { Suppressed } from '../../src/dsl/suppressed.js'
import { int64 } from '../../src/serdes/int64.js'
import type { Serde } from '../../src/serdes/serde.js'
import { sessionWindowed } from '../../src/serdes/session-windowed.js'
import { string } from '../../src/serdes/string.js'
import { windowed } from '../../src/serdes/windowed.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'
import { SessionWindows } from '../../src/windows/session-windows.js'
import { SlidingWindows } from '../../src/windows/sliding-windows.js'
import { TumblingWindows } from '../../src/windows/tumbling-windows.js'
import type { Windowed } from '../../src/windows/window.js'
import { RestartingDriver } from '../testing/restarting-driver.js'
import type { VectorDriver } from '../testing/vector-run.js'

const texts = { key: string(), value: string() }
const KEYS = 2500
const keys = Array.from({ length: KEYS }, (_, at) => `key${String(at).padStart(5, '0')}`)

interface Kind {
  readonly key: Serde<Windowed<string>>
  build(builder: StreamsBuilder): void
}

const grouped = (builder: StreamsBuilder) => builder.stream('in', texts).groupByKey()
const kinds: Record<string, Kind> = {
  tumbling: {
    key: windowed(string(), { size: 10 }),
    build: (b) => {
      const windows = grouped(b).windowedBy(TumblingWindows.of(10))
      windows.emitStrategy('onWindowClose').count().toStream().to('out')
    },
  },
  sliding: {
    key: windowed(string(), { size: 10 }),
    build: (b) => {
      const windows = grouped(b).windowedBy(SlidingWindows.of(10))
      windows.emitStrategy('onWindowClose').count().toStream().to('out')
    },
  },
  session: {
    key: sessionWindowed(string()),
    build: (b) => {
      const windows = grouped(b).windowedBy(SessionWindows.of(10))
      windows.emitStrategy('onWindowClose').count().toStream().to('out')
    },
  },
  'tumbling, suppressed': {
    key: windowed(string(), { size: 10 }),
    build: (b) => {
      const counts = grouped(b).windowedBy(TumblingWindows.of(10)).count()
      counts.suppress(Suppressed.untilWindowCloses()).toStream().to('out')
    },
  },
}

const topologyOf = ({ build }: Kind) => {
  const builder = new StreamsBuilder()
  build(builder)
  return builder.build()
}

/** Two records of each key, at 20 and 25, and one that closes all windows; gives what comes out. */
async function closeAll(driver: VectorDriver, { key }: Kind): Promise<string[]> {
  const input = driver.createInputTopic('in', texts)
  for (const timestamp of [20, 25]) for (const each of keys) input.pipe(each, 'x', { timestamp })
  await driver.settle()
  input.pipe('closes', 'x', { timestamp: 100 })
  await driver.settle()
  const output = driver.createOutputTopic('out', { key, value: int64() }).readAll()
  return output.map(({ key: row, value }) => `${row!.window.start}-${row!.window.end} ${row!.key} ${value}`)
}

describe('windows that are handed on when they close', () => {
  for (const [name, kind] of Object.entries(kinds)) {
    it(`come in order of time and key, however many close at once: ${name}`, async () => {
      using driver = new TopologyTestDriver(topologyOf(kind))
      const closed = await closeAll(driver, kind)
      const spans = {
        tumbling: ['20-30'],
        'tumbling, suppressed': ['20-30'],
        sliding: ['10-20', '15-25', '21-31'],
        session: ['20-25'],
      }[name]!
      const counts = { '10-20': 1, '21-31': 1 } as Record<string, number>
      assert.deepEqual(
        closed,
        spans.flatMap((span) => keys.map((key) => `${span} ${key} ${counts[span] ?? 2}`)),
      )
    })

    for (const lost of [false, true]) {
      const how = lost ? ' and its state is lost' : ''
      it(`come once each where the task begins again in between${how}: ${name}`, async () => {
        using whole = new TopologyTestDriver(topologyOf(kind))
        const expected = await closeAll(whole, kind)
        const driver = new RestartingDriver(topologyOf(kind), {}, lost)
        assert.deepEqual(await closeAll(driver, kind), expected)
        // A thousand at most in each step.
        assert.ok(driver.steps >= 2 * KEYS + 1 + Math.floor(expected.length / 1000), `${driver.steps} steps`)
      })
    }
  }
})
