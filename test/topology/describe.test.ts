import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { AGGREGATIONS } from './golden/aggregations.js'
import { BRANCHES } from './golden/branches.js'
import { GENERATED_NAMES } from './golden/generated-names.js'
import { OPTIMIZED } from './golden/optimized.js'
import { REPARTITION_TOPICS } from './golden/repartition-topics.js'
import { REPARTITIONS } from './golden/repartitions.js'
import { STATELESS } from './golden/stateless.js'
import { STREAM_JOINS } from './golden/stream-joins.js'
import { WINDOWS } from './golden/windows.js'

const GOLDEN = [
  ...STATELESS,
  ...BRANCHES,
  ...AGGREGATIONS,
  ...REPARTITIONS,
  ...WINDOWS,
  ...GENERATED_NAMES,
  ...REPARTITION_TOPICS,
  ...STREAM_JOINS,
]

describe('describe() prints what Kafka Streams prints', () => {
  for (const { cases, build, text } of GOLDEN) {
    test(cases.join(', '), () => {
      const builder = new StreamsBuilder()
      build(builder)
      assert.equal(builder.build().describe(), text)
    })
  }
})

describe('describe() of an optimized topology prints what Kafka Streams prints', () => {
  for (const { cases, build, text } of OPTIMIZED) {
    test(cases.join(', '), () => {
      const builder = new StreamsBuilder()
      build(builder)
      assert.equal(builder.build({ optimization: 'all' }).describe(), text)
    })
  }
})
