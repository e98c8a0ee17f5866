import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { NOT_IMPLEMENTED } from './not-implemented.js'
import { loadVector, type OwnAnswer, vectorFolder, vectorNames } from './vector.js'
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

/** The only vectors in which Kafka Streams loses results, fails, or says "final" twice. */
const MAY_HAVE_OWN_ANSWERS = new Set([
  'emitfinal_hopping_default_retention',
  'emitfinal_session_default_retention',
  'emitfinal_tumbling_default_retention_loss',
  'emitfinal_tumbling_nograce_default_retention',
  'sliding_zero_time_difference',
  'suppress_session_double_final',
  'suppress_sliding_double_final',
  'ttjoin_self',
  'versioned_stjoin_left_grace_null_key',
])

describe('answers of our own', () => {
  const folder = join(vectorFolder(), 'ours')
  for (const name of vectorNames(folder)) {
    it(`${name} is one of the nine, says why, and is listed in the docs`, () => {
      const { reason, expected }: OwnAnswer = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8'))
      assert.ok(MAY_HAVE_OWN_ANSWERS.has(name))
      assert.match(reason, /^[A-Z][^\n]+\.$/)
      const theirs = JSON.parse(readFileSync(join(vectorFolder(), `${name}.json`), 'utf8'))
      // Kafka Streams may be wrong with one kind of stores only.
      assert.notDeepEqual([expected, expected], [theirs.expected, theirs.expectedInMemory ?? theirs.expected])
      const docs = readFileSync(join(vectorFolder(), '..', '..', 'docs', 'compatibility.md'), 'utf8')
      assert.ok(docs.includes(`\`${name}\``))
    })
  }
})

describe('the catalogue of vector topologies', () => {
  it('has no topology that its tests leave out', () => {
    assert.deepEqual(Object.keys(vectorTopologies).filter(isLeftOut), [])
  })
})
