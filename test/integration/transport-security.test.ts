import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { Admin } from '../../src/kafka/admin/admin.js'
import { listOffsetsCall } from '../../src/kafka/protocol/list-offsets-call.js'
import { KafkaJsTransport } from '../../src/kafka/transport/kafkajs-transport.js'
import { AuthenticationError, BrokerConnectionError } from '../../src/kafka/transport/transport-error.js'
import type { TransportOptions } from '../../src/kafka/transport/transport-options.js'
import { freePort } from '../../src/testing/kafka-broker/free-port.js'
import type { KafkaBroker } from '../../src/testing/kafka-broker/index.js'
import { ownBroker } from '../support/broker.js'

const STORE_PASSWORD = 'changeit'
/** The transport renews a session three seconds before its end. */
const SESSION_MS = 5000

/** A key with a self-signed certificate for 127.0.0.1; gives the key store and the certificate as PEM. */
const createCertificate = (directory: string): { keyStore: string; certificate: string } => {
  const keyStore = join(directory, 'broker.p12')
  const store = ['-alias', 'broker', '-keystore', keyStore, '-storepass', STORE_PASSWORD]
  const subject = ['-dname', 'CN=127.0.0.1', '-ext', 'SAN=ip:127.0.0.1']
  execFileSync('keytool', ['-genkeypair', ...store, '-keyalg', 'RSA', '-storetype', 'PKCS12', ...subject], {
    stdio: 'ignore',
  })
  return {
    keyStore,
    certificate: execFileSync('keytool', ['-exportcert', '-rfc', ...store], { encoding: 'utf8' }),
  }
}

describe('KafkaJsTransport with TLS and SASL', () => {
  let directory: string
  let broker: KafkaBroker
  let secure: TransportOptions

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-tls-'))
    const { keyStore, certificate } = createCertificate(directory)
    const [port, controller, sasl] = await Promise.all([freePort(), freePort(), freePort()])
    broker = await ownBroker({
      port: port!,
      heapMb: 512,
      properties: {
        listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controller},SECURE://127.0.0.1:${sasl}`,
        'advertised.listeners': `PLAINTEXT://127.0.0.1:${port},SECURE://127.0.0.1:${sasl}`,
        'controller.quorum.voters': `1@127.0.0.1:${controller}`,
        'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURE:SASL_SSL',
        'listener.name.secure.sasl.enabled.mechanisms': 'PLAIN',
        'listener.name.secure.plain.sasl.jaas.config':
          'org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="secret";',
        'listener.name.secure.plain.connections.max.reauth.ms': SESSION_MS,
        'listener.name.secure.ssl.keystore.location': keyStore,
        'listener.name.secure.ssl.keystore.password': STORE_PASSWORD,
        'listener.name.secure.ssl.keystore.type': 'PKCS12',
      },
    })
    secure = {
      brokers: [`127.0.0.1:${sasl}`],
      ssl: { ca: certificate },
      sasl: { mechanism: 'plain', username: 'alice', password: 'secret' },
    }
  })

  after(async () => {
    await broker?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  test('serves requests past the end of a session, over encrypted connections', async () => {
    const transport = new KafkaJsTransport(secure)
    await new Admin(transport).createTopics([{ topic: 'secured', partitions: 1, replicationFactor: 1 }])
    const node = await transport.leaderOf('secured', 0)
    const call = listOffsetsCall([{ topic: 'secured', partition: 0 }], -1, 'read_uncommitted')
    const end = performance.now() + 1.5 * SESSION_MS
    while (performance.now() < end) {
      const answers = await Promise.all([1, 2, 3].map(() => transport.request(node, 'group', call)))
      for (const [answer] of answers) assert.equal(answer!.errorCode, 0)
    }
    await transport.close()
  })

  test('says that the credentials were refused, and does not try again', async () => {
    const wrong = { mechanism: 'plain', username: 'alice', password: 'wrong' } as const
    const transport = new KafkaJsTransport({ ...secure, sasl: wrong })
    await assert.rejects(transport.metadata(), (error) => {
      assert.ok(error instanceof AuthenticationError)
      assert.match(error.message, /SASL plain: .*Invalid username or password/)
      return true
    })
    await transport.close()
  })

  test('refuses a certificate that nobody vouches for', async () => {
    const transport = new KafkaJsTransport({ ...secure, ssl: true, requestTimeout: 500 })
    await assert.rejects(transport.metadata(), (error) => {
      assert.ok(error instanceof BrokerConnectionError)
      assert.match(error.message, /self-signed certificate/)
      return true
    })
    await transport.close()
  })
})
