import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, describe, test } from 'node:test'
import { UsageError } from '../../src/cli/usage-error.js'
import { openRegistry } from '../../src/demo/registry.js'
import { parseStartOptions } from '../../src/demo/start-options.js'
import { TestHttpServer } from '../support/http-server.js'

const NOBODY = 'http://127.0.0.1:1'

const refused = (line: string, message: RegExp): Promise<void> =>
  assert.rejects(openRegistry(parseStartOptions(line.split(' '))), (error) => {
    assert.ok(error instanceof UsageError)
    assert.match(error.message, message)
    return true
  })

describe('the registry of npm start -- --avro', () => {
  const given = { data: process.env.MILLRACE_DATA, url: process.env.SCHEMA_REGISTRY_URL }
  let directory: string

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-demo-registry-'))
  })
  beforeEach(() => {
    process.env.MILLRACE_DATA = directory
    delete process.env.SCHEMA_REGISTRY_URL
  })
  afterEach(() => {
    delete process.env.SCHEMA_REGISTRY_URL
  })
  after(async () => {
    if (given.data === undefined) delete process.env.MILLRACE_DATA
    else process.env.MILLRACE_DATA = given.data
    if (given.url !== undefined) process.env.SCHEMA_REGISTRY_URL = given.url
    await rm(directory, { recursive: true, force: true })
  })

  test('is the one that is named, which has to answer', async () => {
    await using server = await TestHttpServer.start(() => ({ status: 200, body: '[]' }))
    process.env.SCHEMA_REGISTRY_URL = server.url
    assert.equal(await openRegistry(parseStartOptions(['--avro'])), undefined)
    assert.equal(process.env.SCHEMA_REGISTRY_URL, server.url)

    process.env.SCHEMA_REGISTRY_URL = NOBODY
    await refused(
      '--avro',
      /^schema registry http:\/\/127\.0\.0\.1:1 is not available: .*\(SCHEMA_REGISTRY_URL\)$/,
    )
    process.env.SCHEMA_REGISTRY_URL = 'nonsense'
    await refused('--avro', /not of the form http\(s\):\/\/host:port\/path \(SCHEMA_REGISTRY_URL\)$/)
  })

  test('is there for a worker only while an application runs', async () => {
    await refused('--avro --worker', /^there is no running registry .*: start npm start -- --avro first/)
    await mkdir(join(directory, 'schema-registry'), { recursive: true })
    await writeFile(join(directory, 'schema-registry', 'address'), NOBODY)
    await refused('--avro --worker', /^there is no running registry .*: start npm start -- --avro first/)
  })
})
