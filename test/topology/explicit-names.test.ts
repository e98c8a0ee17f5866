import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { Suppressed } from '../../src/dsl/suppressed.js'
import { JoinWindows } from '../../src/windows/join-windows.js'
import { strings } from './golden/golden-topology.js'

/** Builds where names must be explicit. */
function build(make: (builder: StreamsBuilder) => void) {
  const builder = new StreamsBuilder({ ensureExplicitNames: true })
  make(builder)
  return builder.build()
}

describe('ensureExplicitNames', () => {
  it('refuses a store whose name is generated', () => {
    assert.throws(
      () => build((builder) => builder.stream('in', strings).groupByKey().count()),
      /^TopologyError: KSTREAM-AGGREGATE-0000000002: its store has the generated name 'KSTREAM-AGGREGATE-STATE-STORE-0000000001'; give it the name of a store/,
    )
  })

  it('refuses a repartition topic whose name is generated', () => {
    assert.throws(
      () => build((builder) => builder.stream('in', strings).repartition()),
      /its repartition topic has the generated name 'KSTREAM-REPARTITION-0000000001-repartition'; give the grouping/,
    )
  })

  it('refuses a buffer whose name is generated', () => {
    assert.throws(
      () =>
        build((builder) =>
          builder.table('in', { ...strings, store: 't' }).suppress(Suppressed.untilTimeLimit('1s')),
        ),
      /KTABLE-SUPPRESS-0000000002: its store has the generated name/,
    )
  })

  it('refuses a join whose stores or topics have generated names', () => {
    const join = (options: { name?: string; store?: string }) => () =>
      build((builder) => {
        const moved = builder.stream('in', strings).selectKey((_, value) => value)
        const plus = (left: string, right: string | null) => `${left}${right}`
        moved.leftJoin(builder.stream('other', strings), plus, JoinWindows.of(10), { ...strings, ...options })
      })
    assert.throws(join({ name: 'j' }), /its store has the generated name 'KSTREAM-JOINTHIS-\d+-store'/)
    assert.throws(join({ store: 's' }), /its repartition topic has the generated name 'KSTREAM-KEY-SELECT-/)
    assert.doesNotThrow(join({ name: 'j', store: 's' }))
  })

  it('takes a topology in which all that is kept has a name; tables that are not kept need none', () => {
    const topology = build((builder) => {
      builder
        .table('in', strings)
        .filter(() => true)
        .toStream()
        .to('copy')
      builder
        .stream('events', strings)
        .groupBy((_, value) => value, { ...strings, name: 'by-value' })
        .count({ store: 'counts' })
        .suppress(Suppressed.untilTimeLimit('1s'), { name: 'calm' })
    })
    assert.equal(topology.subTopologies.length, 3)
  })
})
