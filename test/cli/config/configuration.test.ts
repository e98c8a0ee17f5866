import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Configuration } from '../../../src/cli/config/configuration.js'
import { UsageError } from '../../../src/cli/usage-error.js'

let directory: string

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-configuration-'))
})
after(() => rm(directory, { recursive: true }))

const REQUIRED = { 'application-id': 'delays', brokers: 'localhost:9092' }

type Texts = Record<string, string | undefined>

const read = (flags: Texts, environment: Texts = {}): Configuration =>
  Configuration.read({ flags: { ...REQUIRED, ...flags }, environment })

/** What is wrong with a configuration, line by line. */
function problems(flags: Texts, environment: Texts = {}): string[] {
  try {
    Configuration.read({ flags, environment })
  } catch (error) {
    assert.ok(error instanceof UsageError)
    return error.message.split('\n')
  }
  return []
}

async function file(name: string, content: unknown): Promise<string> {
  const path = join(directory, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content))
  return path
}

describe('the configuration', () => {
  test('takes flags before the environment, that before the file, that before defaults', async () => {
    const config = await file('order.json', { threads: 2, fetchMaxBytes: 2_000_000, http: { port: 1 } })
    const { streams, printable } = read(
      { config, 'http-port': '3' },
      { MILLRACE_HTTP_PORT: '2', MILLRACE_FETCH_MAX_BYTES: '3000000' },
    )
    assert.deepEqual(streams, {
      applicationId: 'delays',
      brokers: ['localhost:9092'],
      threads: 2,
      fetchMaxBytes: 3_000_000,
    })
    assert.deepEqual(printable.sources, {
      applicationId: '--application-id',
      brokers: '--brokers',
      threads: `threads in ${config}`,
      fetchMaxBytes: 'MILLRACE_FETCH_MAX_BYTES',
      'http.port': '--http-port',
    })
  })

  test('names the file in the environment, too', async () => {
    const config = await file('named.json', { commitInterval: '1s' })
    assert.equal(read({}, { MILLRACE_CONFIG: config }).streams.commitInterval, '1s')
  })

  test('takes an empty variable for none', () => {
    assert.deepEqual(read({}, { MILLRACE_THREADS: '', MILLRACE_CONFIG: '' }).compiled.threads, 1)
  })

  test('reads a list with commas between, a time span, false and true from text', () => {
    const { streams } = read(
      { brokers: 'a:1, b:2', 'max-task-idle': 'false', 'commit-interval': '250', 'emit-interval': '2s' },
      {},
    )
    assert.deepEqual(streams.brokers, ['a:1', 'b:2'])
    assert.equal(streams.maxTaskIdle, false)
    assert.equal(streams.commitInterval, 250)
    assert.equal(read({ 'log-values': 'true' }).value('log.values'), true)
  })

  test('is shown as it holds, in the shape of the file, without its secrets', async () => {
    const config = await file('secret.json', { http: { token: 'hidden' }, log: { level: 'warn' } })
    const key = await file('key.pem', '-----BEGIN PRIVATE KEY-----\nhidden\n-----END PRIVATE KEY-----\n')
    const cert = await file('cert.pem', '-----BEGIN CERTIFICATE-----\nshown\n-----END CERTIFICATE-----\n')
    const { printable } = read(
      { config, 'ssl-key-file': key, 'ssl-cert-file': cert },
      {
        MILLRACE_SASL_MECHANISM: 'plain',
        MILLRACE_SASL_USERNAME: 'ann',
        MILLRACE_SASL_PASSWORD: 'hidden',
      },
    )
    const text = JSON.stringify(printable)
    assert.ok(!text.includes('hidden'), text)
    const shown = printable.configuration as Record<string, unknown>
    assert.deepEqual(shown.sasl, { mechanism: 'plain', username: 'ann', password: '********' })
    assert.deepEqual(shown.log, { level: 'warn', values: false })
    assert.deepEqual(shown.http, { host: '127.0.0.1', port: 9464, token: '********' })
    assert.equal(shown.commitInterval, 100)
  })

  test('gives what it shows again where it is the file', async () => {
    const { printable, streams } = read({ 'state-dir': 'state' }, { MILLRACE_LOG_LEVEL: 'warn' })
    const config = await file('again.json', printable.configuration)
    const again = Configuration.read({ flags: { config }, environment: {} })
    assert.deepEqual(again.printable.configuration, printable.configuration)
    assert.equal(again.streams.stateDir, streams.stateDir)
  })

  test('has secrets in files of their own', async () => {
    const passwordFile = await file('password', 'hidden\n')
    const environment = { MILLRACE_SASL_MECHANISM: 'scram-sha-256', MILLRACE_SASL_USERNAME: 'ann' }
    const { streams } = read({ 'sasl-password-file': passwordFile }, environment)
    assert.deepEqual(streams.sasl, { mechanism: 'scram-sha-256', username: 'ann', password: 'hidden' })
  })

  test('encrypts where anything of it is given, unless it is told not to', async () => {
    assert.equal(read({}).streams.ssl, undefined)
    assert.equal(read({ 'ssl-enabled': 'true' }).streams.ssl, true)
    assert.deepEqual(read({ 'ssl-server-name': 'broker' }).streams.ssl, { servername: 'broker' })
    assert.equal(read({ 'ssl-server-name': 'broker', 'ssl-enabled': 'false' }).streams.ssl, undefined)
  })

  test('warns of variables that look like options, but not of what containers find of a service', () => {
    const { warnings } = read(
      {},
      { MILLRACE_THREAD: '2', MILLRACE_SERVICE_HOST: '10.0.0.1', MILLRACE_PORT_80_TCP: 'tcp://10.0.0.1:80' },
    )
    assert.deepEqual(warnings, ['MILLRACE_THREAD is no option; is MILLRACE_THREADS meant?'])
  })
})

describe('a wrong configuration', () => {
  test('is told with option, source and the values allowed, all of it at once', async () => {
    const config = await file('wrong.json', {
      brokers: [],
      http: { port: 70_000, hots: '::1' },
      logg: { level: 'x' },
    })
    const found = problems(
      { config, 'log-level': 'loud', 'application-id': 'with space' },
      { MILLRACE_COMMIT_INTERVAL: 'soon' },
    )
    assert.deepEqual(found, [
      `${config}: there is no option http.hots; is http.host meant?`,
      `${config}: there is no option logg`,
      `brokers in ${config}: option brokers:  is not allowed: addresses such as 'localhost:9092', at least one`,
      `http.port in ${config}: option http.port: 70000 is not allowed: a whole number, from 0 to 65535`,
      'MILLRACE_COMMIT_INTERVAL: commitInterval: "soon" is not allowed: whole milliseconds of at least 1 as a number, or a number with a unit (ms, s, m, h, d) such as \'10s\'',
      "--application-id: option applicationId: 'with space' is not allowed: 1 to 180 letters, digits, '.', '_' or '-', since it becomes part of topic names",
      "--log-level: option log.level: 'loud' is not allowed: debug or info or warn or error or silent",
    ])
  })

  test('is told where what is needed is missing', () => {
    assert.deepEqual(problems({ brokers: 'a:1' }), [
      "option applicationId is missing (1 to 180 letters, digits, '.', '_' or '-', since it becomes part of topic names): give --application-id, MILLRACE_APPLICATION_ID, or applicationId in the configuration file",
    ])
  })

  test('does not show the secret that is wrong', () => {
    const [problem] = problems(REQUIRED, { MILLRACE_SSL_KEY: 'hidden' })
    assert.equal(problem, 'MILLRACE_SSL_KEY: option ssl.key: PEM')
  })

  test('is told where options do not go together', async () => {
    assert.deepEqual(problems(REQUIRED, { MILLRACE_SASL_PASSWORD: 'p' }), [
      'options sasl.mechanism, sasl.username and sasl.password: all of them are given, or none',
    ])
    const cert = await file('alone.pem', '-----BEGIN CERTIFICATE-----\n-----END CERTIFICATE-----\n')
    assert.deepEqual(problems({ ...REQUIRED, 'ssl-cert-file': cert }), [
      'options ssl.cert and ssl.key: a certificate and its key are given together, or neither',
    ])
    const [heap] = problems({ ...REQUIRED, 'state-max-bytes': String(2 ** 50) })
    assert.match(heap!, /^--state-max-bytes: option stateMaxBytes: .* more than half of the JavaScript heap/)
  })

  test('is told where one source has an option twice, and where its file is missing', () => {
    const found = problems(REQUIRED, {
      MILLRACE_HTTP_TOKEN: 'a',
      MILLRACE_HTTP_TOKEN_FILE: join(directory, 'none'),
    })
    assert.equal(found[0], 'MILLRACE_HTTP_TOKEN and MILLRACE_HTTP_TOKEN_FILE are the same option: give one')
    assert.match(found[1]!, /^MILLRACE_HTTP_TOKEN_FILE: ENOENT/)
  })

  test('is told where the file is none', async () => {
    assert.match(
      problems({ ...REQUIRED, config: join(directory, 'none.json') })[0]!,
      /cannot be read: ENOENT/,
    )
    assert.match(
      problems({ ...REQUIRED, config: await file('broken.json', '{') })[0]!,
      /^the configuration file .*broken\.json cannot be read: .*JSON/,
    )
    assert.match(
      problems({ ...REQUIRED, config: await file('list.json', []) })[0]!,
      /has no JSON object in it$/,
    )
  })
})
