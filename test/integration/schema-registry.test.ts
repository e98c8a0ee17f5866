import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import { SchemaPendingError } from '../../src/serdes/schema-pending-error.js'
import { COMPATIBILITIES } from '../../src/serdes/schema-registry/compatibility.js'
import { confluentSchemaRegistry } from '../../src/serdes/schema-registry/confluent/confluent-schema-registry.js'
import {
  IncompatibleSchemaError,
  InvalidSchemaError,
  RegistryAccessError,
  RegistryAnswerError,
  RegistryUnavailableError,
  SchemaNotFoundError,
} from '../../src/serdes/schema-registry/registry-errors.js'
import { SchemaLoader } from '../../src/serdes/schema-registry/schema-loader.js'
import type { SchemaRegistry } from '../../src/serdes/schema-registry/schema-registry.js'
import type { SchemaText } from '../../src/serdes/schema-registry/schema-text.js'
import { settle } from '../../src/serdes/settle.js'
import { SchemaRegistryServer } from '../../src/testing/schema-registry/index.js'
import { createCertificate, STORE_PASSWORD } from '../support/certificate.js'
import { forwardTo, TestHttpServer } from '../support/http-server.js'
import { testRegistry } from '../support/registry.js'
import { uniqueName } from '../support/unique-name.js'

/** A record of Avro with these fields, each as its JSON; named anew so that no other test has it. */
const record = (name: string, ...fields: readonly string[]): SchemaText => ({
  type: 'AVRO',
  schema: `{"type":"record","name":"${name.replaceAll(/\W/g, '_')}","fields":[${fields.join(',')}]}`,
})

const A = '{"name":"a","type":"int"}'
const B = '{"name":"b","type":"string"}'
const B_WITH_DEFAULT = '{"name":"b","type":"string","default":""}'

describe('a real schema registry', () => {
  let url: string
  let registry: SchemaRegistry

  before(async () => {
    url = await testRegistry()
    registry = confluentSchemaRegistry({ url })
  })

  test('registers a schema, and gives it back by its id, its version and its text', async () => {
    const subject = uniqueName('registered')
    const schema = record(subject, A)
    assert.equal(await registry.version(subject, 'latest'), undefined)
    assert.deepEqual(await registry.versions(subject), [])
    assert.equal(await registry.lookup(subject, schema), undefined)

    const id = await registry.register(subject, schema)
    assert.equal(await registry.register(subject, schema), id)
    assert.deepEqual(await registry.schema(id), schema)
    assert.equal(await registry.lookup(subject, schema), id)
    assert.equal(await registry.lookup(subject, record(subject, B)), undefined)
    const first = { ...schema, subject, id, version: 1 }
    assert.deepEqual(await registry.version(subject, 1), first)
    assert.equal(await registry.version(subject, 2), undefined)

    const next = record(subject, A, B_WITH_DEFAULT)
    const nextId = await registry.register(subject, next)
    const second = { ...next, subject, id: nextId, version: 2 }
    assert.deepEqual(await registry.versions(subject), [first, second])
    assert.deepEqual(await registry.version(subject, 'latest'), second)
  })

  test('gives a schema one id, whatever subject it is registered under', async () => {
    const name = uniqueName('shared')
    const schema = record(name, A)
    const id = await registry.register(`${name}-value`, schema)
    assert.equal(await registry.register(`other ${name}/value`, schema), id)
    const [version] = await registry.versions(`other ${name}/value`)
    assert.deepEqual(version, { ...schema, id, subject: `other ${name}/value`, version: 1 })
  })

  test('has no schema with an id that it did not give', async () => {
    await assert.rejects(async () => registry.schema(2 ** 31 - 1), SchemaNotFoundError)
  })

  test('holds what each subject asks of its next version', async () => {
    const subject = uniqueName('compatibility')
    assert.equal(await registry.compatibility(subject), 'NONE', 'what holds for all')
    await registry.register(subject, record(subject, A))
    for (const compatibility of COMPATIBILITIES) {
      await registry.setCompatibility(subject, compatibility)
      assert.equal(await registry.compatibility(subject), compatibility)
    }
  })

  test('takes what is compatible, and tells why it does not take the rest', async () => {
    const subject = uniqueName('evolving')
    await registry.setCompatibility(subject, 'BACKWARD')
    const incompatible = record(subject, A, B)
    assert.deepEqual(await registry.check(subject, incompatible), { compatible: true, messages: [] })
    const id = await registry.register(subject, record(subject, A))
    const answer = await registry.check(subject, incompatible)
    assert.equal(answer.compatible, false)
    assert.match(answer.messages.join(), /b at \/fields\/1/)
    await assert.rejects(
      async () => registry.register(subject, incompatible),
      (error) => {
        assert.ok(error instanceof IncompatibleSchemaError)
        assert.equal(error.subject, subject)
        assert.match(error.reasons.join(), /^Incompatible artifact: .* b at \/fields\/1/)
        return true
      },
    )
    assert.deepEqual(await registry.check(subject, record(subject, A, B_WITH_DEFAULT)), {
      compatible: true,
      messages: [],
    })
    assert.equal((await registry.version(subject, 'latest'))?.id, id)
  })

  test('looks at all versions where the compatibility is transitive, at the last one otherwise', async () => {
    for (const [compatibility, compatible] of [
      ['BACKWARD', true],
      ['BACKWARD_TRANSITIVE', false],
    ] as const) {
      const subject = uniqueName('transitive')
      await registry.register(subject, record(subject, A))
      await registry.register(subject, record(subject, A, B_WITH_DEFAULT))
      await registry.setCompatibility(subject, compatibility)
      const schema = record(subject, A, B)
      assert.equal((await registry.check(subject, schema)).compatible, compatible, compatibility)
      const registered = (async () => registry.register(subject, schema))()
      await (compatible ? registered : assert.rejects(registered, IncompatibleSchemaError))
    }
  })

  test('takes no schema that is none', async () => {
    const subject = uniqueName('invalid')
    for (const type of ['AVRO', 'JSON', 'PROTOBUF'] as const) {
      await assert.rejects(
        async () => registry.register(subject, { type, schema: 'nonsense' }),
        InvalidSchemaError,
      )
    }
    assert.deepEqual(await registry.versions(subject), [])
  })

  const languages: ReadonlyMap<string, (inner: string) => readonly [SchemaText, SchemaText, string]> =
    new Map([
      [
        'AVRO',
        (inner) => [record(inner, A), record(`Outer_${inner}`, `{"name":"inner","type":"${inner}"}`), inner],
      ],
      [
        'JSON',
        (inner) => [
          {
            type: 'JSON',
            schema: `{"$schema":"http://json-schema.org/draft-07/schema#","title":"${inner}"}`,
          },
          { type: 'JSON', schema: '{"type":"object","properties":{"inner":{"$ref":"inner.json"}}}' },
          'inner.json',
        ],
      ],
      [
        'PROTOBUF',
        (inner) => [
          { type: 'PROTOBUF', schema: `syntax = "proto3"; message ${inner} { int32 a = 1; }` },
          {
            type: 'PROTOBUF',
            schema: `syntax = "proto3"; import "inner.proto"; message Outer { ${inner} inner = 1; }`,
          },
          'inner.proto',
        ],
      ],
    ] as const)
  for (const [language, schemas] of languages) {
    test(`holds schemas in ${language} that refer to others`, async () => {
      const subject = uniqueName('inner').replaceAll(/\W/g, '_')
      const [inner, outer, name] = schemas(subject)
      const referring = { ...outer, references: [{ name, subject, version: 1 }] }
      await assert.rejects(async () => registry.register(`${subject}-outer`, referring), InvalidSchemaError)
      await registry.register(subject, inner)
      const id = await registry.register(`${subject}-outer`, referring)
      assert.equal(await registry.register(`${subject}-other`, referring), id)
      assert.deepEqual(await registry.schema(id), referring)
      assert.equal(await registry.lookup(`${subject}-outer`, referring), id)
      assert.deepEqual((await registry.version(`${subject}-outer`, 1))?.references, referring.references)
      const resolved = await settle(new SchemaLoader(registry).load(id))
      assert.deepEqual(resolved, { ...outer, referenced: [{ name, schema: inner.schema }] })
    })
  }

  test('is none at another path of the same server', async () => {
    const elsewhere = confluentSchemaRegistry({ url: url.replace('/apis/ccompat/v7', '') })
    await assert.rejects(async () => elsewhere.schema(1), RegistryAnswerError)
    await assert.rejects(async () => elsewhere.version('s', 'latest'), RegistryAnswerError)
    await assert.rejects(async () => elsewhere.register('s', record('r')), RegistryAnswerError)
  })

  test('is reached with credentials only where it asks for them', async () => {
    const auth = { username: 'flights', password: 'secret' }
    const header = `Basic ${Buffer.from('flights:secret').toString('base64')}`
    const { origin, pathname } = new URL(url)
    const forward = forwardTo(origin)
    await using proxy = await TestHttpServer.start((request) =>
      request.headers.authorization === header
        ? forward(request)
        : { status: 401, type: 'text/html', body: '<html>' },
    )
    const subject = uniqueName('secured')
    const schema = record(subject, A)
    const given = confluentSchemaRegistry({ url: proxy.url + pathname, auth })
    assert.deepEqual(await given.schema(await given.register(subject, schema)), schema)
    const wrong = confluentSchemaRegistry({ url: proxy.url + pathname, auth: { ...auth, password: 'wrong' } })
    const none = confluentSchemaRegistry({ url: proxy.url + pathname })
    for (const refused of [wrong, none]) {
      await assert.rejects(async () => refused.register(subject, schema), RegistryAccessError)
    }
  })

  test('is reached with TLS where the certificate is vouched for', async (t) => {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-registry-tls-'))
    t.after(() => rm(directory, { recursive: true }))
    const { keyStore, certificate } = createCertificate(directory)
    const { origin, pathname } = new URL(url)
    await using proxy = await TestHttpServer.start(forwardTo(origin), {
      pfx: await readFile(keyStore),
      passphrase: STORE_PASSWORD,
    })
    const secured = proxy.url + pathname
    const subject = uniqueName('tls')
    const trusting = confluentSchemaRegistry({ url: secured, ssl: { ca: certificate } })
    assert.deepEqual(
      await trusting.schema(await trusting.register(subject, record(subject, A))),
      record(subject, A),
    )
    await assert.rejects(
      async () => confluentSchemaRegistry({ url: secured }).schema(1),
      (error: Error) => {
        assert.ok(error instanceof RegistryUnavailableError)
        assert.match(error.message, /self-signed certificate/)
        return true
      },
    )
  })
})

describe('a real schema registry that fails', () => {
  test('is too slow, and then stopped: what waits for a schema is answered by its successor', async () => {
    await using first = await SchemaRegistryServer.start()
    const { port, url } = first
    const registry = confluentSchemaRegistry({ url, requestTimeout: 500 })
    const schema = record('Flight', A)
    const id = await confluentSchemaRegistry({ url }).register('flights-value', schema)

    first.suspend()
    await assert.rejects(async () => registry.schema(id), {
      name: 'RegistryUnavailableError',
      message: `schema registry ${url} is not available: GET /schemas/ids/${id}: no answer within 500 ms`,
    })
    await first.stop()
    await assert.rejects(async () => registry.schema(id), RegistryUnavailableError)

    const loader = new SchemaLoader(registry)
    const warnings: unknown[] = []
    loader.listen({ warn: (warning) => warnings.push(warning) })
    assert.throws(() => loader.get(id), SchemaPendingError)
    const loaded = settle(loader.load(id))
    await using _second = await SchemaRegistryServer.start({ port })
    // What a registry in memory held is gone: it answers that there is no such schema.
    await assert.rejects(async () => loaded, SchemaNotFoundError)
    assert.deepEqual(
      warnings.map((warning) => (warning as Error).name),
      ['RegistryUnavailableError'],
    )
    assert.equal(await confluentSchemaRegistry({ url }).register('flights-value', schema), id)
  })
})
