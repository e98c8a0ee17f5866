import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'
import { withMatchedTopics } from '../../src/topology/matched-topics.js'
import { strings } from './golden/golden-topology.js'

function copying() {
  const builder = new StreamsBuilder()
  builder.stream(/flights-\d+/, strings).to('copy')
  builder.stream('flights-0', strings).to('zero')
  return builder.build()
}

describe('a source that reads by a pattern', () => {
  it('is described by the pattern, as in Kafka Streams', () => {
    assert.match(copying().describe(), /Source: KSTREAM-SOURCE-0000000000 \(topics: flights-\\d\+\)/)
  })

  it('reads the topics whose whole name matches, unless others read them by name', () => {
    const there = ['flights-2', 'flights-1', 'flights-0', 'old-flights-3', 'flights-1x']
    const [first] = withMatchedTopics(copying(), there).subTopologies
    assert.deepEqual(first!.sourceTopics, ['flights-1', 'flights-2'])
  })

  it('leaves the fingerprint as it is, whatever topics there are', () => {
    const { fingerprint } = copying()
    assert.equal(withMatchedTopics(copying(), ['flights-1']).fingerprint, fingerprint)
    assert.equal(withMatchedTopics(copying(), []).fingerprint, fingerprint)
  })

  it('takes any topic that matches in a test driver', () => {
    using driver = new TopologyTestDriver(copying())
    driver.createInputTopic('flights-7', strings).pipe('a', '1')
    driver.createInputTopic('flights-8', strings).pipe('a', '2')
    assert.deepEqual(driver.createOutputTopic('copy', strings).readKeyValues(), [
      ['a', '1'],
      ['a', '2'],
    ])
    assert.throws(() => driver.createInputTopic('trains-1', strings), /does not read topic trains-1/)
  })
})
