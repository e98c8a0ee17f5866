import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe } from 'node:test'
import kafkajs, { type AclOperationTypes, type AclResourceTypes } from 'kafkajs'
import type { CodedError, KafkaStreamsOptions } from '../../../src/index.js'
import type { KafkaBroker } from '../../../src/testing/kafka-broker/index.js'
import { freePort } from '../../../src/testing/local-server/free-port.js'
import { ownBroker } from '../../support/broker.js'
import { assertCounted, countingApplication, numbered } from '../../support/counting.js'
import { assertRow, situation } from '../../support/error-table.js'
import { startFailureOf, warningsOfCode } from '../../support/failure.js'
import { until } from '../../support/until.js'

const { Kafka, logLevel } = kafkajs

type Sasl = NonNullable<KafkaStreamsOptions['sasl']>
const sasl = (password: string): Sasl => ({ mechanism: 'plain', username: 'alice', password })

/** A broker where anonymous clients may do everything, and `alice`, on a second listener, what ACLs allow. */
class SecuredBroker implements AsyncDisposable {
  private constructor(
    private readonly dataDir: string,
    readonly port: number,
    readonly securedPort: number,
    private broker: KafkaBroker,
  ) {}

  static async start(): Promise<SecuredBroker> {
    const dataDir = await mkdtemp(join(tmpdir(), 'millrace-broker-'))
    const [port, secured] = await Promise.all([freePort(), freePort()])
    return new SecuredBroker(dataDir, port, secured, await SecuredBroker.launch(dataDir, port, secured))
  }

  private static async launch(dataDir: string, port: number, secured: number): Promise<KafkaBroker> {
    const controller = await freePort()
    const open = `PLAINTEXT://127.0.0.1:${port}`
    const guarded = `SECURED://127.0.0.1:${secured}`
    return ownBroker({
      dataDir,
      port,
      heapMb: 512,
      properties: {
        listeners: `${open},CONTROLLER://127.0.0.1:${controller},${guarded}`,
        'advertised.listeners': `${open},${guarded}`,
        'controller.quorum.voters': `1@127.0.0.1:${controller}`,
        'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SECURED:SASL_PLAINTEXT',
        'listener.name.secured.sasl.enabled.mechanisms': 'PLAIN',
        'listener.name.secured.plain.sasl.jaas.config':
          'org.apache.kafka.common.security.plain.PlainLoginModule required user_alice="secret";',
        'authorizer.class.name': 'org.apache.kafka.metadata.authorizer.StandardAuthorizer',
        'super.users': 'User:ANONYMOUS',
      },
    })
  }

  get brokers(): string[] {
    return [`127.0.0.1:${this.port}`]
  }

  get securedBrokers(): string[] {
    return [`127.0.0.1:${this.securedPort}`]
  }

  stop(): Promise<void> {
    return this.broker.stop()
  }

  async restart(): Promise<void> {
    this.broker = await SecuredBroker.launch(this.dataDir, this.port, this.securedPort)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.broker.stop()
    await rm(this.dataDir, { recursive: true, force: true })
  }
}

interface Grant {
  readonly resourceType: AclResourceTypes
  readonly resourceName: string
  readonly operations: readonly AclOperationTypes[]
  /** Whether the name is the beginning of those that are meant. */
  readonly prefixed?: boolean
}

/** What `docs/errors.md` says that an application needs. */
function neededGrants(applicationId: string, input: string, output: string): Grant[] {
  const { READ, WRITE, CREATE, DESCRIBE, DELETE, DESCRIBE_CONFIGS } = kafkajs.AclOperationTypes
  const internal = [READ, WRITE, CREATE, DESCRIBE, DELETE, DESCRIBE_CONFIGS]
  return [
    { resourceType: kafkajs.AclResourceTypes.TOPIC, resourceName: input, operations: [READ] },
    { resourceType: kafkajs.AclResourceTypes.TOPIC, resourceName: output, operations: [WRITE] },
    { resourceType: kafkajs.AclResourceTypes.GROUP, resourceName: applicationId, operations: [READ] },
    {
      resourceType: kafkajs.AclResourceTypes.TOPIC,
      resourceName: `${applicationId}-`,
      operations: internal,
      prefixed: true,
    },
    {
      resourceType: kafkajs.AclResourceTypes.TRANSACTIONAL_ID,
      resourceName: `${applicationId}-`,
      operations: [WRITE],
      prefixed: true,
    },
  ]
}

async function grant(
  brokers: readonly string[],
  { resourceType, resourceName, operations, prefixed }: Grant,
) {
  const admin = new Kafka({ brokers: [...brokers], logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  await admin.createAcls({
    acl: operations.map((operation) => ({
      resourceType,
      resourceName,
      resourcePatternType: prefixed
        ? kafkajs.ResourcePatternTypes.PREFIXED
        : kafkajs.ResourcePatternTypes.LITERAL,
      principal: 'User:alice',
      host: '*',
      operation,
      permissionType: kafkajs.AclPermissionTypes.ALLOW,
    })),
  })
  await admin.disconnect()
}

describe('the connection to the cluster', () => {
  let secured: SecuredBroker

  before(async () => {
    secured = await SecuredBroker.start()
  })

  after(() => secured?.[Symbol.asyncDispose]())

  situation('wrong credentials', async (row) => {
    const { app, input, output, topology } = await countingApplication({}, { brokers: secured.brokers })
    await using _ = app
    await app.client.write(input, numbered(50))
    for (const each of neededGrants(app.applicationId, input, output)) await grant(secured.brokers, each)
    const brokers = secured.securedBrokers
    const error = await startFailureOf(app.streams(topology, { brokers, sasl: sasl('wrong') }))
    assertRow(error, row)
    assert.ok(error.message.includes(brokers[0]!))
    await app.started(topology, { brokers, sasl: sasl('secret') })
    await app.committed(input)
    await assertCounted(app, output, numbered(50))
  })

  situation('a missing ACL', async (row) => {
    const { app, input, output, topology } = await countingApplication({}, { brokers: secured.brokers })
    await using _ = app
    await app.client.write(input, numbered(50))
    const options = { brokers: secured.securedBrokers, sasl: sasl('secret') }
    const missing = neededGrants(app.applicationId, input, output)
    while (missing.length > 0) {
      const streams = app.streams(topology, options)
      const failures: CodedError[] = []
      streams.on('error', (error) => failures.push(error as CodedError))
      await streams.start().catch((error: CodedError) => failures.push(error))
      await until('it stops', () => failures.length > 0)
      await streams.close()
      const { message } = failures[0]!
      assertRow(failures[0], row)
      const named = missing.findIndex(({ resourceName }) => message.includes(resourceName))
      assert.ok(named >= 0, message)
      assert.deepEqual(await app.committedOffsets(input), [undefined, undefined])
      assert.deepEqual(await app.client.read(output), [])
      await grant(secured.brokers, missing.splice(named, 1)[0]!)
    }
    app.failures.length = 0
    await app.started(topology, options)
    await app.committed(input)
    await assertCounted(app, output, numbered(50))
  })

  situation('a broker that goes away and comes back', async (row) => {
    const { app, input, output, topology } = await countingApplication({}, { brokers: secured.brokers })
    await using _ = app
    const records = numbered(400)
    await app.client.write(input, records.slice(0, 200))
    const streams = await app.started(topology)
    const warnings = warningsOfCode(streams, row.code)
    await app.until('something is committed', () => streams.metrics().commits > 0)
    await app.client.write(input, records.slice(200, 300))
    await secured.stop()
    await app.until('it is told of', () => warnings.length > 0)
    await secured.restart()
    await app.client.write(input, records.slice(300))
    await app.committed(input)
    await assertCounted(app, output, records)
    for (const warning of warnings) {
      assertRow(warning, row)
      assert.ok(warning.message.includes(secured.brokers[0]!))
    }
  })
})
