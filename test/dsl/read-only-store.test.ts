import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import {
  type FixedKeyProcessor,
  type FixedKeyProcessorContext,
  type KeyValueStore,
  type Store,
  Stores,
  StreamsBuilder,
  string,
} from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'

const serdes = { key: string(), value: string() }

/** Looks keys up, and writes the store where it is asked to. */
const lookUp =
  (titles: Store<KeyValueStore<string, string>>, writes = false) =>
  (): FixedKeyProcessor<string, string, string> => {
    let context: FixedKeyProcessorContext<string>
    return {
      init(given) {
        context = given
      },
      process(record) {
        const store = context.store(titles)
        if (writes) store.put(record.key, record.value)
        context.forward({ ...record, value: store.get(record.key) ?? 'none' })
      },
    }
  }

describe('a read-only store', () => {
  const titles = Stores.keyValue('titles', serdes)

  for (const first of ['store', 'processor']) {
    it(`has what is in its topic, where the ${first} is added first`, () => {
      const builder = new StreamsBuilder()
      if (first === 'store') builder.addReadOnlyStateStore(titles, 'pages')
      builder
        .stream('clicks', serdes)
        .processValues(lookUp(titles), { stores: [titles] })
        .to('out', serdes)
      if (first === 'processor') builder.addReadOnlyStateStore(titles, 'pages')
      const topology = builder.build()
      assert.equal(topology.subTopologies.length, 1)
      const [store] = topology.subTopologies[0]!.stores
      assert.deepEqual([store!.logging, store!.sourceTopic], [false, 'pages'])
      using driver = new TopologyTestDriver(topology)
      const pages = driver.createInputTopic('pages', serdes)
      const clicks = driver.createInputTopic('clicks', serdes)
      pages.pipe('home', 'Home')
      clicks.pipe('home', 'x')
      pages.pipe('home', null)
      clicks.pipe('home', 'x')
      const out = driver.createOutputTopic('out', serdes)
      assert.deepEqual(out.readKeyValues(), [
        ['home', 'Home'],
        ['home', 'none'],
      ])
    })
  }

  it('is not written by processors', () => {
    const builder = new StreamsBuilder()
    builder.addReadOnlyStateStore(titles, 'pages')
    builder
      .stream('clicks', serdes)
      .processValues(lookUp(titles, true), { stores: [titles] })
      .to('out', serdes)
    using driver = new TopologyTestDriver(builder.build())
    const clicks = driver.createInputTopic('clicks', serdes)
    assert.throws(() => clicks.pipe('home', 'x'), /store titles holds what is in a topic: processors read it/)
  })

  it('has to have as many partitions as what is looked up in it', () => {
    const builder = new StreamsBuilder()
    builder.addReadOnlyStateStore(titles, 'pages')
    builder
      .stream('clicks', serdes)
      .repartition({ ...serdes, partitions: 3 })
      .processValues(lookUp(titles), { stores: [titles], name: 'titled' })
      .to('out', serdes)
    const all = builder.build().subTopologies.flatMap(({ coPartitionings }) => coPartitionings)
    assert.deepEqual(all, [
      { operator: 'titled', sources: ['KSTREAM-SOURCE-0000000006', 'KSTREAM-SOURCE-0000000000'] },
    ])
  })

  it('holds a value for each key', () => {
    const builder = new StreamsBuilder()
    builder.addReadOnlyStateStore(
      Stores.window('recent', { ...serdes, windowSize: '1h', retention: '1h' }),
      'pages',
    )
    builder.stream('clicks', serdes)
    assert.throws(
      () => builder.build(),
      /store 'recent' does not hold a value for each key; use Stores.keyValue/,
    )
  })
})
