import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { loadVector, vectorFolder, vectorNames } from './vector.js'
import { topologyOf } from './vector-run.js'
import { vectorTopologies } from './vector-topologies/index.js'

describe('the topologies of the vectors are described as Kafka Streams describes them', () => {
  const folder = vectorFolder()
  for (const vector of vectorNames(folder).map((name) => loadVector(folder, name))) {
    if (vectorTopologies[vector.topology] === undefined) continue
    it(vector.name, () => assert.equal(topologyOf(vector).describe(), vector.topologyDescribe))
  }
})
