import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { AGGREGATIONS } from './golden/aggregations.js'
import { REPARTITIONS } from './golden/repartitions.js'
import { STATELESS } from './golden/stateless.js'
import { WINDOWS } from './golden/windows.js'

describe('describe() prints what Kafka Streams prints', () => {
  for (const { vectors, build, text } of [...STATELESS, ...AGGREGATIONS, ...REPARTITIONS, ...WINDOWS]) {
    test(vectors.join(', '), () => {
      const builder = new StreamsBuilder()
      build(builder)
      assert.equal(builder.build().describe(), text)
    })
  }
})
