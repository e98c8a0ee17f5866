import assert from 'node:assert/strict'
import { test } from 'node:test'
import {
  javaMajorVersion,
  PrerequisiteError,
  requireJava,
} from '../../../src/testing/local-server/prerequisites.js'

test('the major version of Java is read from what java -version prints', () => {
  assert.equal(javaMajorVersion('openjdk version "17.0.15" 2025-04-15'), 17)
  assert.equal(javaMajorVersion('java version "1.8.0_392"'), 8)
  assert.equal(javaMajorVersion('openjdk version "24" 2025-03-18'), 24)
  assert.equal(javaMajorVersion('something else'), undefined)
})

test('a missing Java is one sentence that says what to install, and how to do without', async (t) => {
  const javaHome = process.env.JAVA_HOME
  t.after(() => {
    if (javaHome === undefined) delete process.env.JAVA_HOME
    else process.env.JAVA_HOME = javaHome
  })
  process.env.JAVA_HOME = '/nowhere'
  await assert.rejects(requireJava(), (error: Error) => {
    assert.ok(error instanceof PrerequisiteError)
    assert.match(error.message, /install Java 17 or later and Maven, or run `docker compose up`/)
    assert.match(error.message, /KAFKA_BROKERS/)
    assert.doesNotMatch(error.message, /\n/)
    return true
  })
})
