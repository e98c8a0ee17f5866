import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { confluentSchemaRegistry } from '../../../../src/serdes/schema-registry/confluent/confluent-schema-registry.js'
import {
  IncompatibleSchemaError,
  InvalidRegistryOptionError,
  InvalidSchemaError,
  RegistryAccessError,
  RegistryAnswerError,
  RegistryUnavailableError,
  SchemaNotFoundError,
} from '../../../../src/serdes/schema-registry/registry-errors.js'
import type { SchemaRegistry } from '../../../../src/serdes/schema-registry/schema-registry.js'
import type { SchemaText } from '../../../../src/serdes/schema-registry/schema-text.js'
import { freePort } from '../../../../src/testing/local-server/free-port.js'
import { type HttpAnswer, type HttpRequest, TestHttpServer } from '../../../support/http-server.js'

const FLIGHT: SchemaText = { type: 'AVRO', schema: '{"type":"record","name":"Flight","fields":[]}' }

const OURS = [
  IncompatibleSchemaError,
  InvalidSchemaError,
  RegistryAccessError,
  RegistryAnswerError,
  RegistryUnavailableError,
  SchemaNotFoundError,
]

const json = (body: unknown, status = 200): HttpAnswer => ({ status, body: JSON.stringify(body) })
const refusal = (code: number, message = 'no', status = Number(String(code).slice(0, 3))): HttpAnswer =>
  json({ error_code: code, message }, status)

/** Answers by `METHOD path`, and as a registry without subjects else. */
const registryWith =
  (answers: Readonly<Record<string, HttpAnswer>>) =>
  ({ method, path }: HttpRequest): HttpAnswer =>
    answers[`${method} ${path}`] ?? refusal(40401, `Subject not found at ${path}`)

/** Every method of a registry, to see how each takes an answer. */
const METHODS = new Map<string, (registry: SchemaRegistry) => unknown>([
  ['schema', (registry) => registry.schema(5)],
  ['version', (registry) => registry.version('flights-value', 2)],
  ['latest version', (registry) => registry.version('flights-value', 'latest')],
  ['versions', (registry) => registry.versions('flights-value')],
  ['lookup', (registry) => registry.lookup('flights-value', FLIGHT)],
  ['register', (registry) => registry.register('flights-value', FLIGHT)],
  ['compatibility', (registry) => registry.compatibility('flights-value')],
  ['setCompatibility', (registry) => registry.setCompatibility('flights-value', 'FULL')],
  ['check', (registry) => registry.check('flights-value', FLIGHT)],
])

describe('a registry with the API of Confluent', () => {
  test('gives the schema of an id, whose language is Avro where nothing is said', async () => {
    const reference = { name: 'Airport', subject: 'airports', version: 3 }
    await using server = await TestHttpServer.start(
      registryWith({
        'GET /schemas/ids/5': json({ schema: FLIGHT.schema }),
        'GET /schemas/ids/6': json({ schema: '{}', schemaType: 'JSON', references: [] }),
        'GET /schemas/ids/7': json({ schema: 'x', schemaType: 'PROTOBUF', references: [reference] }),
      }),
    )
    const registry = confluentSchemaRegistry({ url: `${server.url}/` })
    assert.deepEqual(await registry.schema(5), FLIGHT)
    assert.deepEqual(await registry.schema(6), { type: 'JSON', schema: '{}' })
    assert.deepEqual(await registry.schema(7), { type: 'PROTOBUF', schema: 'x', references: [reference] })
    assert.deepEqual(registry.wireFormat.header(7), Buffer.of(0, 0, 0, 0, 7))
  })

  test('gives versions, the oldest first', async () => {
    const version = (id: number, number: number) =>
      json({ subject: 'a/b c', id, version: number, schema: `"${id}"` })
    await using server = await TestHttpServer.start(
      registryWith({
        'GET /subjects/a%2Fb%20c/versions': json([12, 2, 3]),
        'GET /subjects/a%2Fb%20c/versions/2': version(20, 2),
        'GET /subjects/a%2Fb%20c/versions/12': version(30, 12),
        'GET /subjects/a%2Fb%20c/versions/latest': version(30, 12),
      }),
    )
    const registry = confluentSchemaRegistry({ url: server.url })
    const second = { subject: 'a/b c', id: 20, version: 2, type: 'AVRO', schema: '"20"' }
    const last = { subject: 'a/b c', id: 30, version: 12, type: 'AVRO', schema: '"30"' }
    assert.deepEqual(await registry.versions('a/b c'), [second, last], 'the third was deleted meanwhile')
    assert.deepEqual(await registry.version('a/b c', 'latest'), last)
    assert.equal(await registry.version('a/b c', 4), undefined)
    assert.deepEqual(await registry.versions('other'), [])
  })

  test('looks schemas up and registers them, without what servers that know Avro only do not take', async () => {
    await using server = await TestHttpServer.start(() => json({ id: 9 }))
    const registry = confluentSchemaRegistry({ url: server.url, clientId: 'delays' })
    const references = [{ name: 'Airport', subject: 'airports', version: 3 }]
    assert.equal(await registry.lookup('s', FLIGHT), 9)
    assert.equal(await registry.register('s', FLIGHT), 9)
    assert.equal(await registry.register('s', { type: 'JSON', schema: '{}', references }), 9)
    assert.deepEqual(
      server.requests.map(({ method, path, body }) => [method, path, JSON.parse(body)]),
      [
        ['POST', '/subjects/s', { schema: FLIGHT.schema }],
        ['POST', '/subjects/s/versions', { schema: FLIGHT.schema }],
        ['POST', '/subjects/s/versions', { schema: '{}', schemaType: 'JSON', references }],
      ],
    )
    const [{ headers }] = server.requests as [HttpRequest]
    assert.equal(headers['content-type'], 'application/vnd.schemaregistry.v1+json')
    assert.match(headers['user-agent']!, /delays/)
  })

  test('asks what holds for all subjects where one has no rule', async () => {
    await using server = await TestHttpServer.start(
      registryWith({
        'GET /config': json({ compatibilityLevel: 'FULL_TRANSITIVE' }),
        'GET /config/own': json({ compatibilityLevel: 'FORWARD' }),
        'GET /config/old': json({ compatibility: 'BACKWARD' }),
        'GET /config/none': json({ compatibilityLevel: 'NONE' }),
        'GET /config/new': refusal(40408),
        'GET /apis/ccompat/v7/config': json({ compatibilityLevel: 'FULL' }),
        'GET /apis/ccompat/v7/config/none': json({ compatibilityLevel: 'NONE' }),
      }),
    )
    const registry = confluentSchemaRegistry({ url: server.url })
    const levels = ['own', 'old', 'none', 'new', 'absent'].map((subject) => registry.compatibility(subject))
    assert.deepEqual(await Promise.all(levels), [
      'FORWARD',
      'BACKWARD',
      'NONE',
      'FULL_TRANSITIVE',
      'FULL_TRANSITIVE',
    ])
    const apicurio = confluentSchemaRegistry({ url: `${server.url}/apis/ccompat/v7` })
    assert.equal(await apicurio.compatibility('none'), 'FULL', 'to Apicurio NONE is to have no rule')
  })

  test('sets a compatibility, and does not take it for set where the registry says otherwise', async () => {
    await using server = await TestHttpServer.start(({ body }) => ({ body }))
    const registry = confluentSchemaRegistry({ url: server.url })
    await registry.setCompatibility('s', 'FULL_TRANSITIVE')
    server.behave = () => json({ compatibility: 'NONE' })
    await assert.rejects(async () => registry.setCompatibility('s', 'FULL'), RegistryAnswerError)
  })

  test('checks a schema against the latest version, or against all where the rule is transitive, in the words of the registry', async () => {
    await using server = await TestHttpServer.start(
      registryWith({
        'GET /config': json({ compatibilityLevel: 'BACKWARD' }),
        'GET /config/all': json({ compatibilityLevel: 'BACKWARD_TRANSITIVE' }),
        'POST /compatibility/subjects/latest/versions/latest?verbose=true': json({
          is_compatible: false,
          messages: ['a is gone', 'b is new'],
        }),
        'POST /compatibility/subjects/all/versions?verbose=true': json({
          is_compatible: false,
          reason: 'io.apicurio.RuleViolationException: a is gone',
        }),
        'POST /compatibility/subjects/fine/versions/latest?verbose=true': json({
          is_compatible: true,
          reason: null,
        }),
      }),
    )
    const registry = confluentSchemaRegistry({ url: server.url })
    const no = (...messages: string[]) => ({ compatible: false, messages })
    assert.deepEqual(await registry.check('latest', FLIGHT), no('a is gone', 'b is new'))
    assert.deepEqual(await registry.check('all', FLIGHT), no('a is gone'))
    assert.deepEqual(await registry.check('fine', FLIGHT), { compatible: true, messages: [] })
    assert.deepEqual(await registry.check('new', FLIGHT), { compatible: true, messages: [] })
  })
})

describe('a registry that says no', () => {
  test('has no such schema', async () => {
    await using server = await TestHttpServer.start(() => refusal(40403, 'Schema 5 not found'))
    const registry = confluentSchemaRegistry({ url: server.url })
    await assert.rejects(async () => registry.schema(5), {
      name: 'SchemaNotFoundError',
      message: `schema registry ${server.url} has no schema 5`,
    })
    await assert.rejects(async () => registry.schema('a-uuid'), SchemaNotFoundError)
    assert.equal(await registry.lookup('s', FLIGHT), undefined)
  })

  test('refuses a schema that is incompatible, and tells why', async () => {
    await using server = await TestHttpServer.start(() => refusal(409, 'a.b.SomeException: field x is gone'))
    const registry = confluentSchemaRegistry({ url: server.url })
    await assert.rejects(
      async () => registry.register('flights-value', FLIGHT),
      (error) => {
        assert.ok(error instanceof IncompatibleSchemaError)
        assert.equal(error.subject, 'flights-value')
        assert.deepEqual(error.reasons, ['field x is gone'])
        return true
      },
    )
  })

  test('refuses a schema that is none, and a change where nothing may change', async () => {
    await using server = await TestHttpServer.start(() => refusal(42201, 'Input schema is invalid'))
    const registry = confluentSchemaRegistry({ url: server.url })
    await assert.rejects(async () => registry.register('s', FLIGHT), {
      name: 'InvalidSchemaError',
      message: 'the schema for subject s: Input schema is invalid',
    })
    await assert.rejects(async () => registry.lookup('s', FLIGHT), InvalidSchemaError)
    server.behave = () => refusal(42205, 'Subject s is in read-only mode')
    await assert.rejects(async () => registry.register('s', FLIGHT), {
      name: 'RegistryAnswerError',
      message: `schema registry ${server.url} answered POST /subjects/s/versions with error 42205 (HTTP status 422): Subject s is in read-only mode`,
    })
  })

  test('wants credentials, which are then in no name and no error', async () => {
    const expected = new Set([
      `Basic ${Buffer.from('flüge:geheim').toString('base64')}`,
      'Bearer geheim-1',
      'Bearer geheim-2',
    ])
    await using server = await TestHttpServer.start(({ headers }) =>
      expected.has(headers.authorization ?? '') ? json({ schema: '"int"' }) : refusal(40101, 'Unauthorized'),
    )
    const { url } = server
    const withCredentials = url.replace('//', '//fl%C3%BCge:geheim@')
    let tokens = 0
    for (const auth of [
      { username: 'flüge', password: 'geheim' },
      { token: 'geheim-1' },
      { token: async () => `geheim-${++tokens}` },
    ]) {
      const registry = confluentSchemaRegistry({ url, auth })
      await registry.schema(1)
      await registry.schema(2)
    }
    assert.equal(tokens, 2)
    const fromAddress = confluentSchemaRegistry({ url: withCredentials })
    await fromAddress.schema(1)
    assert.equal(fromAddress.name, `schema registry ${url}`)

    await assert.rejects(async () => confluentSchemaRegistry({ url }).schema(1), {
      name: 'RegistryAccessError',
      message: `schema registry ${url} refuses access: GET /schemas/ids/1: HTTP status 401: Unauthorized (see option auth)`,
    })
    expected.clear()
    for (const [name] of METHODS) {
      await assert.rejects(
        async () => METHODS.get(name)!(fromAddress),
        (error: Error) => {
          assert.ok(error instanceof RegistryAccessError, name)
          assert.doesNotMatch(`${error.stack} ${JSON.stringify(error)}`, /geheim|Z2VoZWlt/)
          return true
        },
      )
    }
  })
})

describe('a registry that is not available', () => {
  const broken: ReadonlyMap<string, HttpAnswer> = new Map<string, HttpAnswer>([
    ['an error of its own', refusal(50001, 'Error in the backend data store')],
    ['an error without JSON', { status: 502, type: 'text/html', body: '<h1>Bad gateway</h1>' }],
    ['an error that is null', { status: 500, body: 'null' }],
    ['too many requests', { status: 429, body: '' }],
    ['a connection that it closes', 'close'],
    ['half an answer', 'half'],
    ['no answer in time', 'silence'],
  ])
  for (const [what, answer] of broken) {
    test(`gives ${what}`, async () => {
      await using server = await TestHttpServer.start(() => answer)
      const registry = confluentSchemaRegistry({ url: server.url, requestTimeout: '1s' })
      const calls = [...METHODS].map(([name, call]) =>
        assert.rejects(async () => call(registry), RegistryUnavailableError, name),
      )
      await Promise.all(calls)
      assert.equal(server.requests.length, METHODS.size, 'each request is sent once: who asks tries again')
    })
  }

  test('says where it is, what it was asked and what is wrong', async () => {
    const url = `http://127.0.0.1:${await freePort()}`
    const registry = confluentSchemaRegistry({ url })
    await assert.rejects(
      async () => registry.schema(5),
      (error: Error) => {
        assert.match(
          error.message,
          /^schema registry http:\S+ is not available: GET \/schemas\/ids\/5: .*ECONNREFUSED/,
        )
        return true
      },
    )
  })

  test('is asked at its other addresses, and stays at the one that answers', async () => {
    await using first = await TestHttpServer.start(() => refusal(50003, 'No leader'))
    await using second = await TestHttpServer.start(() => json({ schema: '"int"' }))
    const registry = confluentSchemaRegistry({ url: [first.url, second.url] })
    assert.equal(registry.name, `schema registry ${first.url}, ${second.url}`)
    await registry.schema(1)
    await registry.schema(2)
    assert.equal(first.requests.length, 1)
    assert.equal(second.requests.length, 2)

    second.behave = () => 'close'
    await assert.rejects(
      async () => registry.schema(3),
      (error: Error) => {
        assert.ok(error instanceof RegistryUnavailableError)
        assert.match(error.message, /No leader/)
        assert.match(error.message, /socket hang up/)
        return true
      },
    )
    first.behave = () => json({ schema: '"int"' })
    await registry.schema(4)
  })
})

describe('what is no registry', () => {
  test('is told from one by what it answers', async () => {
    const page: HttpAnswer = { type: 'text/html', body: '<html>\n  <h1>Welcome</h1></html>' }
    await using server = await TestHttpServer.start(() => page)
    const registry = confluentSchemaRegistry({ url: server.url })
    for (const [name, call] of METHODS)
      await assert.rejects(async () => call(registry), RegistryAnswerError, name)
    await assert.rejects(async () => registry.schema(5), {
      message: `schema registry ${server.url} answered GET /schemas/ids/5 with what is no JSON: <html> <h1>Welcome</h1></html>`,
    })
    // Another path of the same server: such a 404 does not mean that a schema is missing.
    server.behave = () => refusal(404, 'HTTP 404 Not Found')
    for (const [name, call] of METHODS)
      await assert.rejects(async () => call(registry), RegistryAnswerError, name)
  })

  for (const id of [-1, 2 ** 31, 1.5, '5', null]) {
    test(`has the id ${JSON.stringify(id)}, which cannot stand in a record`, async () => {
      await using server = await TestHttpServer.start(() => json({ id, version: 1, schema: '"int"' }))
      const registry = confluentSchemaRegistry({ url: server.url })
      for (const method of ['version', 'lookup', 'register']) {
        await assert.rejects(async () => METHODS.get(method)!(registry), RegistryAnswerError, method)
      }
    })
  }

  test('refers to a subject that cannot be asked for', async () => {
    const references = [{ name: 'a', subject: '\ud800', version: 1 }]
    await using server = await TestHttpServer.start(() => json({ schema: '"int"', references }))
    await assert.rejects(
      async () => confluentSchemaRegistry({ url: server.url }).schema(5),
      RegistryAnswerError,
    )
  })

  test('may answer anything: it is an error of ours, or what was asked for', async () => {
    let answer: HttpAnswer = 'close'
    await using server = await TestHttpServer.start(() => answer)
    const registry = confluentSchemaRegistry({ url: server.url })
    const word = fc.constantFrom(
      'schema',
      'schemaType',
      'id',
      'version',
      'references',
      'is_compatible',
      'messages',
    )
    const more = fc.constantFrom('error_code', 'message', 'compatibilityLevel', 'name', 'subject', 'reason')
    const value = fc.oneof(
      fc.jsonValue(),
      fc.integer(),
      fc.constantFrom('AVRO', 'JSON', 'FULL', 40401, 40403, 42201, 409, true, false, '"int"'),
    )
    const object = fc.dictionary(fc.oneof(word, more), fc.oneof(value, fc.array(fc.dictionary(more, value))))
    const body = fc.oneof(
      object.map((each) => JSON.stringify(each)),
      fc.json(),
      fc.string(),
    )
    const status = fc.oneof(fc.constantFrom(200, 200, 404, 409, 422), fc.integer({ min: 200, max: 599 }))
    await fc.assert(
      fc.asyncProperty(status, body, fc.constantFrom(...METHODS.keys()), async (code, content, method) => {
        answer = { status: code, body: content }
        try {
          await METHODS.get(method)!(registry)
        } catch (error) {
          assert.ok(
            OURS.some((each) => error instanceof each),
            `${method}: ${error}`,
          )
        }
      }),
      { numRuns: 500 },
    )
  })
})

describe('options of a registry that make no sense', () => {
  test('are errors at once, which do not repeat what may be a password', () => {
    for (const url of ['', 'localhost:8081', 'ftp://registry', 'http://me:geheim@', 'http://registry?x=1']) {
      assert.throws(
        () => confluentSchemaRegistry({ url }),
        (error: Error) => {
          assert.ok(error instanceof InvalidRegistryOptionError, url)
          assert.doesNotMatch(error.message, /geheim/)
          return true
        },
      )
    }
    const url = 'http://registry'
    assert.throws(() => confluentSchemaRegistry({ url: [] }), InvalidRegistryOptionError)
    assert.throws(() => confluentSchemaRegistry({ url, clientId: 'a\nb' }), InvalidRegistryOptionError)
    assert.throws(() => confluentSchemaRegistry({ url, requestTimeout: 0 }), { code: 'INVALID_DURATION' })
  })
})
