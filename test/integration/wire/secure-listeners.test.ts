import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import type { SASLOptions } from 'kafkajs'
import { Admin } from '../../../src/kafka/admin/admin.js'
import { listOffsetsCall } from '../../../src/kafka/protocol/list-offsets-call.js'
import { KafkaJsTransport } from '../../../src/kafka/transport/kafkajs-transport.js'
import { AuthenticationError, BrokerConnectionError } from '../../../src/kafka/transport/transport-error.js'
import type { TransportOptions } from '../../../src/kafka/transport/transport-options.js'
import type { BrokerProperties, KafkaBroker } from '../../../src/testing/kafka-broker/index.js'
import { freePort } from '../../../src/testing/local-server/free-port.js'
import { batchOf } from '../../kafka/support/batches.js'
import { Cluster, unique } from '../../kafka/support/cluster.js'
import { ownBroker } from '../../support/broker.js'
import { createCertificate, STORE_PASSWORD } from '../../support/certificate.js'
import { scramUserCall } from '../../support/scram-user-call.js'

/** The transport renews a session three seconds before its end. */
const SESSION_MS = 5000

const loginModule = (name: string, users = ''): string =>
  `org.apache.kafka.common.security.${name} required${users};`

/** Listeners by name, with the security protocol of each. */
const LISTENERS = {
  PLAINTEXT: 'PLAINTEXT',
  CONTROLLER: 'PLAINTEXT',
  TLS: 'SSL',
  SECURE: 'SASL_SSL',
  CLEAR: 'SASL_PLAINTEXT',
} as const

type ListenerName = keyof typeof LISTENERS

/** What a listener with SASL has to be told. */
const saslProperties = (listener: ListenerName): BrokerProperties => {
  const prefix = `listener.name.${listener.toLowerCase()}`
  return {
    [`${prefix}.sasl.enabled.mechanisms`]: 'PLAIN,SCRAM-SHA-256,SCRAM-SHA-512',
    [`${prefix}.plain.sasl.jaas.config`]: loginModule('plain.PlainLoginModule', ' user_alice="secret"'),
    [`${prefix}.scram-sha-256.sasl.jaas.config`]: loginModule('scram.ScramLoginModule'),
    [`${prefix}.scram-sha-512.sasl.jaas.config`]: loginModule('scram.ScramLoginModule'),
  }
}

const brokerProperties = (
  ports: Readonly<Record<ListenerName, number>>,
  keyStore: string,
): BrokerProperties => {
  const names = Object.keys(LISTENERS) as ListenerName[]
  const addresses = (wanted: readonly ListenerName[]): string =>
    wanted.map((name) => `${name}://127.0.0.1:${ports[name]}`).join()
  return {
    listeners: addresses(names),
    'advertised.listeners': addresses(names.filter((name) => name !== 'CONTROLLER')),
    'controller.quorum.voters': `1@127.0.0.1:${ports.CONTROLLER}`,
    'listener.security.protocol.map': names.map((name) => `${name}:${LISTENERS[name]}`).join(),
    'ssl.keystore.location': keyStore,
    'ssl.keystore.password': STORE_PASSWORD,
    'ssl.keystore.type': 'PKCS12',
    ...saslProperties('SECURE'),
    ...saslProperties('CLEAR'),
    'listener.name.secure.plain.connections.max.reauth.ms': SESSION_MS,
  }
}

const CREDENTIALS = { username: 'alice', password: 'secret' }

describe('listeners with TLS and SASL', () => {
  let directory: string
  let broker: KafkaBroker
  let ports: Record<ListenerName, number>
  let certificate: string
  let secure: TransportOptions

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), 'millrace-tls-'))
    const created = createCertificate(directory)
    certificate = created.certificate
    const names = Object.keys(LISTENERS) as ListenerName[]
    const free = await Promise.all(names.map(async (name) => [name, await freePort()] as const))
    ports = Object.fromEntries(free) as Record<ListenerName, number>
    broker = await ownBroker({
      port: ports.PLAINTEXT,
      heapMb: 512,
      properties: brokerProperties(ports, created.keyStore),
    })
    const transport = new KafkaJsTransport({ brokers: broker.brokers })
    for (const mechanism of ['scram-sha-256', 'scram-sha-512'] as const) {
      await transport.request(await transport.anyNode(), 'admin', scramUserCall(mechanism, CREDENTIALS))
    }
    await transport.close()
    secure = {
      brokers: [`127.0.0.1:${ports.SECURE}`],
      ssl: { ca: certificate },
      sasl: { mechanism: 'plain', ...CREDENTIALS },
    }
  })

  after(async () => {
    await broker?.stop()
    await rm(directory, { recursive: true, force: true })
  })

  for (const [listener, mechanism] of [
    ['TLS', undefined],
    ['SECURE', 'plain'],
    ['SECURE', 'scram-sha-256'],
    ['SECURE', 'scram-sha-512'],
    ['CLEAR', 'plain'],
    ['CLEAR', 'scram-sha-256'],
    ['CLEAR', 'scram-sha-512'],
  ] as const) {
    const name = `${LISTENERS[listener]}${mechanism === undefined ? '' : ` and ${mechanism}`}`

    test(`carries membership, transactions and records over ${name}`, async () => {
      await using cluster = new Cluster([`127.0.0.1:${ports[listener]}`], {
        ...(listener === 'CLEAR' ? {} : { ssl: { ca: certificate } }),
        ...(mechanism === undefined ? {} : { sasl: { mechanism, ...CREDENTIALS } }),
      })
      const topic = await cluster.newTopic()
      const member = await cluster.soleMember(topic)
      const producer = await cluster.producer({ transactionalId: unique('tx') })
      await producer.produce([batchOf(topic, 0, 'secret')])
      await producer.sendOffsets(member.metadata, [{ topic, partition: 0, offset: 1 }])
      await producer.commit()
      assert.deepEqual(await cluster.valuesIn(topic), ['secret'])
    })
  }

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

  for (const mechanism of ['plain', 'scram-sha-256', 'scram-sha-512'] as const) {
    test(`says that ${mechanism} credentials were refused, and does not try again`, async () => {
      const wrong = { mechanism, username: 'alice', password: 'wrong' } as SASLOptions
      const transport = new KafkaJsTransport({ ...secure, sasl: wrong })
      await assert.rejects(transport.metadata(), (error) => {
        assert.ok(error instanceof AuthenticationError)
        assert.match(
          error.message,
          new RegExp(`SASL ${mechanism}: .*(Invalid|invalid) (username|credentials)`),
        )
        return true
      })
      await transport.close()
    })
  }

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
