import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StreamsBuilder, Suppressed, string, TumblingWindows, Watermarks } from '../../src/index.js'
import { TopologyTestDriver } from '../../src/testing/index.js'

const serdes = { key: string(), value: string() }
const timed = { ...serdes, watermark: Watermarks.monotonous() }

const foreignKeyJoin = (builder: StreamsBuilder, right: typeof timed | typeof serdes) =>
  builder.table('l', timed).join(
    builder.table('r', right),
    (value) => String(value).split('|')[0]!,
    (value, other) => `${value}+${other}`,
  )

describe('sub-topologies timed by watermarks', () => {
  it('are those that read topics with watermarks, and what these write to', () => {
    const builder = new StreamsBuilder()
    const repartitioned = builder
      .stream('in', timed)
      .selectKey((key) => key)
      .repartition(serdes)
    repartitioned
      .selectKey((key) => key)
      .repartition(serdes)
      .to('out', serdes)
    builder.stream('plain', serdes).to('other', serdes)
    const { subTopologies } = builder.build()
    const marked = subTopologies.filter(({ shuffles }) => shuffles !== undefined)
    assert.equal(subTopologies.length, 4)
    assert.equal(marked.length, 3)
    for (const { shuffles, repartitionSources } of marked) {
      assert.deepEqual(
        [...shuffles!.keys()],
        repartitionSources.map(({ name }) => name),
      )
      for (const writers of shuffles!.values()) assert.equal(writers.length, 1)
    }
  })

  it('have no repartition topic whose writers have no watermarks', () => {
    const builder = new StreamsBuilder()
    const plain = builder
      .stream('plain', serdes)
      .selectKey((key) => key)
      .repartition(serdes)
    plain.merge(builder.stream('in', timed)).to('out', serdes)
    assert.throws(() => builder.build(), /has no watermarks, and is processed together with topics that have/)
  })

  it('let time through the cycle of a foreign-key join', () => {
    const builder = new StreamsBuilder()
    const joined = foreignKeyJoin(builder, timed)
    joined
      .toStream()
      .groupByKey(serdes)
      .windowedBy(TumblingWindows.of(10))
      .emitStrategy('onWindowClose')
      .count()
      .toStream()
      .map((windowed, count) => [windowed.key, `${windowed.window.start}=${count}`])
      .to('out', serdes)
    const driver = new TopologyTestDriver(builder.build())
    const left = driver.createInputTopic('l', serdes)
    const right = driver.createInputTopic('r', serdes)
    const out = driver.createOutputTopic('out', serdes)
    left.pipe('a', 'x|1', { timestamp: 1 })
    right.pipe('x', 'X', { timestamp: 2 })
    left.pipe('b', 'x|2', { timestamp: 30 })
    assert.deepEqual(out.readKeyValues(), [], 'the right topic is at 2')
    right.pipe('y', 'Y', { timestamp: 30 })
    assert.deepEqual(out.readKeyValues(), [['a', '0=1']])
    driver.drain()
    assert.deepEqual(out.readKeyValues(), [['b', '30=1']])
    assert.deepEqual([...driver.droppedRecords], [])
  })

  it('of a foreign-key join are all timed, or none', () => {
    const builder = new StreamsBuilder()
    foreignKeyJoin(builder, serdes).toStream().to('out', serdes)
    assert.throws(() => builder.build(), /has no watermarks/)
  })

  it('hold no rows in the record cache that an operator behind them would take for late', () => {
    const caching = (source: typeof timed | typeof serdes): Record<string, boolean> => {
      const builder = new StreamsBuilder()
      const windows = builder.stream('in', source).groupByKey().windowedBy(TumblingWindows.of(10))
      windows
        .count({ store: 'suppressed' })
        .filter((_, count) => count > 1)
        .suppress(Suppressed.untilWindowCloses())
      windows
        .count({ store: 'sent' })
        .toStream()
        .foreach(() => {})
      const { stores } = builder.build().subTopologies[0]!
      return Object.fromEntries(stores.map(({ name, caching }) => [name, caching]))
    }
    const { suppressed, sent } = caching(timed)
    assert.deepEqual({ suppressed, sent }, { suppressed: false, sent: true })
    assert.equal(caching(serdes).suppressed, true)
  })
})
