import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { NOT_IMPLEMENTED } from './not-implemented.js'
import { loadVector, vectorFolder, vectorNames } from './vector.js'
import { firstDifference } from './vector-run.js'
import { vectorTopologies } from './vector-topologies/index.js'

const isLeftOut = (topology: string): boolean => NOT_IMPLEMENTED.some((prefix) => topology.startsWith(prefix))

describe('as Kafka Streams does', () => {
  const folder = vectorFolder()
  for (const vector of vectorNames(folder).map((name) => loadVector(folder, name))) {
    if (isLeftOut(vector.topology)) continue
    it(vector.name, async () => assert.equal(await firstDifference(vector), undefined))
  }
})

describe('the catalogue of vector topologies', () => {
  it('has no topology that its tests leave out', () => {
    assert.deepEqual(Object.keys(vectorTopologies).filter(isLeftOut), [])
  })
})
