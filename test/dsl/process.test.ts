import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import type { ProcessingContext, Processor, ProcessorContext } from '../../operators/processor-api.js'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { TopologyBuilder } from '../../src/dsl/topology-builder.js'
import { ProcessingError } from '../../src/runtime/processing-error.js'
import { int64 } from '../../src/serdes/int64.js'
import { string } from '../../src/serdes/string.js'
import type { KeyValueStore } from '../../src/state/stores.js'
import { Stores } from '../../src/state/stores-factory.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'
import type { Topology } from '../../src/topology/topology.js'

const texts = { key: string(), value: string() }
const numbers = { key: string(), value: int64() }

type Texts = Processor<string, string, string, string>

/** A topology that runs one processor between `in` and `out`. */
function processing(supplier: () => Texts): Topology {
  const builder = new StreamsBuilder()
  builder.stream('in', texts).process(supplier).to('out', texts)
  return builder.build()
}

/** Sums values by key in a store. */
class Sum implements Processor<string, number, string, number> {
  private context!: ProcessorContext<string, number>
  private sums!: KeyValueStore<string, number>

  constructor(private readonly store: ReturnType<typeof sumStore>) {}

  init(context: ProcessorContext<string, number>): void {
    this.context = context
    this.sums = context.store(this.store)
  }

  process({ key, value, timestamp }: { key: string; value: number; timestamp: number }): void {
    const sum = (this.sums.get(key) ?? 0) + value
    this.sums.put(key, sum)
    this.context.forward({ key, value: sum, timestamp })
  }
}

const sumStore = () => Stores.keyValue('sums', numbers)

function sumsByHand(): Topology {
  const store = sumStore()
  return new TopologyBuilder()
    .addSource('numbers', 'in', numbers)
    .addProcessor('sum', () => new Sum(store), ['numbers'])
    .addStateStore(store, ['sum'])
    .addSink('sums-out', 'out', ['sum'], numbers)
    .build()
}

describe('a processor', () => {
  it('sees where the record in hand comes from, and the time', () => {
    const seen: unknown[] = []
    const look = ({ recordMetadata, currentStreamTime, currentSystemTime }: ProcessingContext) =>
      seen.push([recordMetadata, currentStreamTime, currentSystemTime])
    using driver = new TopologyTestDriver(
      processing(() => {
        let context: ProcessorContext<string, string>
        return {
          init(given) {
            context = given
            context.schedule(10, 'stream-time', () => look(context))
          },
          process: () => look(context),
        }
      }),
      { initialWallClock: 77 },
    )
    driver.createInputTopic('in', texts).pipe('a', '', { timestamp: 5 })
    assert.deepEqual(seen, [
      [{ topic: 'in', partition: 0, offset: 0 }, 5, 77],
      [undefined, 5, 77],
    ])
  })

  it('cannot forward a record that has no time', () => {
    let context: ProcessorContext<string, string>
    using driver = new TopologyTestDriver(
      processing(() => ({
        init: (given) => {
          context = given
        },
        process: (record) => context.forward({ ...record, timestamp: -1 }),
      })),
    )
    assert.throws(
      () => driver.createInputTopic('in', texts).pipe('a', ''),
      (error) => error instanceof ProcessingError && /forwarded with timestamp -1/.test(error.message),
    )
  })

  it('ends a schedule, also from within', () => {
    const fired: number[] = []
    using driver = new TopologyTestDriver(
      processing(() => ({
        init(context) {
          const schedule = context.schedule('1s', 'wall-clock', (timestamp) => {
            fired.push(timestamp)
            if (fired.length === 2) schedule.cancel()
          })
        },
        process: () => undefined,
      })),
    )
    for (let second = 0; second < 4; second++) driver.advanceWallClock('1s')
    assert.deepEqual(fired, [1000, 2000])
  })

  it('names the operator where it uses a store that it is not connected to', () => {
    const store = sumStore()
    const topology = processing(() => ({
      init: (context) => void context.store(store),
      process: () => undefined,
    }))
    assert.throws(
      () => new TopologyTestDriver(topology),
      /operator KSTREAM-PROCESSOR-0000000001 is not connected to store sums/,
    )
  })
})

describe('a topology that is built by hand', () => {
  it('runs, and is described as Kafka Streams describes it', () => {
    const topology = sumsByHand()
    assert.equal(
      topology.describe(),
      [
        'Topologies:',
        '   Sub-topology: 0',
        '    Source: numbers (topics: [in])',
        '      --> sum',
        '    Processor: sum (stores: [sums])',
        '      --> sums-out',
        '      <-- numbers',
        '    Sink: sums-out (topic: out)',
        '      <-- sum',
        '',
        '',
      ].join('\n'),
    )
    using driver = new TopologyTestDriver(topology)
    const input = driver.createInputTopic('in', numbers)
    input.pipe('a', 1)
    input.pipe('a', 2)
    assert.deepEqual(driver.createOutputTopic('out', numbers).readKeyValues(), [
      ['a', 1],
      ['a', 3],
    ])
  })

  it('is refused with a sentence that says what to do', () => {
    const source = () => new TopologyBuilder().addSource('numbers', 'in', numbers)
    const nothing = () => ({ process: () => undefined })
    assert.throws(
      () => source().addProcessor('p', nothing, ['other']),
      /^TopologyError: node 'p': there is no node 'other'; name sources/,
    )
    assert.throws(
      () => source().addProcessor('p', nothing, []),
      /node 'p': it has no parent; name at least one/,
    )
    assert.throws(() => source().addSource('numbers', 'more', numbers), /node 'numbers': the name is taken/)
    assert.throws(
      () => source().addStateStore(sumStore(), ['p']),
      /store 'sums': there is no processor 'p'; add the processor before/,
    )
  })

  it('goes on after a restart with the rows of its stores', async (test) => {
    const directory = mkdtempSync(join(tmpdir(), 'millrace-process-'))
    test.after(() => rmSync(directory, { recursive: true, force: true }))
    for (const expected of [5, 10]) {
      await using driver = await TopologyTestDriver.onDisk(sumsByHand(), directory)
      driver.createInputTopic('in', numbers).pipe('a', 5)
      await driver.settle()
      assert.deepEqual(driver.createOutputTopic('out', numbers).readKeyValues(), [['a', expected]])
    }
  })
})

describe('print', () => {
  it('writes a line for each record', () => {
    const lines: string[] = []
    const builder = new StreamsBuilder()
    builder.stream('in', texts).print({ label: 'flights', write: (line) => lines.push(line) })
    using driver = new TopologyTestDriver(builder.build())
    driver.createInputTopic('in', texts).pipe('SFO', null)
    assert.deepEqual(lines, ['[flights]: SFO, null'])
  })
})
