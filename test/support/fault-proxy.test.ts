import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { WireWriter } from '../../src/kafka/protocol/wire-writer.js'
import type { ApiCall } from '../../src/kafka/transport/broker-transport.js'
import { KafkaJsTransport } from '../../src/kafka/transport/kafkajs-transport.js'
import { BrokerConnectionError, RequestTimeoutError } from '../../src/kafka/transport/transport-error.js'
import { FakeBroker } from './fake-broker.js'
import { FaultProxy } from './fault-proxy.js'
import { API_KEY } from './kafka-frames.js'
import { until } from './until.js'

const NODE = 7
const SOON_MS = 200

/** A Heartbeat in name only: the broker answers it with its own body. */
const echoCall = (text: string): ApiCall<string> => ({
  apiKey: API_KEY.Heartbeat,
  apiName: 'Heartbeat',
  apiVersion: 0,
  flexible: false,
  encode: (writer) => writer.writeString(text),
  decode: (reader) => reader.readString() ?? '',
})

/** The body of a Metadata v12 response that names one node. */
const metadataOf = (port: number): Buffer => {
  const writer = new WireWriter()
  writer.writeNoTaggedFields()
  writer.writeInt32(0)
  writer.writeCompactArray([port], () => {
    writer.writeInt32(NODE)
    writer.writeCompactString('127.0.0.1')
    writer.writeInt32(port)
    writer.writeCompactString(null)
    writer.writeNoTaggedFields()
  })
  writer.writeCompactString(null)
  writer.writeInt32(NODE)
  writer.writeCompactArray([], () => {})
  writer.writeInt32(0)
  writer.writeNoTaggedFields()
  return writer.copy()
}

/** A broker, the proxy in front of it, and a client that was told of the proxy. */
class Scene implements AsyncDisposable {
  private readonly transport: KafkaJsTransport

  private constructor(
    readonly broker: FakeBroker,
    readonly proxy: FaultProxy,
  ) {
    this.transport = new KafkaJsTransport({ brokers: proxy.brokers, requestTimeout: 5_000 })
    broker.onRequest = (request) => {
      if (request.apiKey === API_KEY.Metadata) request.answer(metadataOf(broker.port))
      if (request.apiKey === API_KEY.Heartbeat) request.answer(request.body)
      return request.apiKey !== API_KEY.ApiVersions
    }
  }

  static async open(): Promise<Scene> {
    const broker = await FakeBroker.start()
    return new Scene(broker, await FaultProxy.start([broker.address]))
  }

  ask(text: string, timeoutMs?: number): Promise<string> {
    return this.transport.request(NODE, 'group', echoCall(text), timeoutMs)
  }

  /** What the broker was asked. */
  get asked(): string[] {
    const heartbeats = this.broker.requests.filter(({ apiKey }) => apiKey === API_KEY.Heartbeat)
    return heartbeats.map(({ body }) => body.toString('utf8', 2))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.transport.close()
    await this.proxy[Symbol.asyncDispose]()
    await this.broker[Symbol.asyncDispose]()
  }
}

test('a client that was told of the proxy never meets the broker itself', async () => {
  await using scene = await Scene.open()
  const passing = scene.proxy.delayRequest({ times: Number.POSITIVE_INFINITY }, 0)
  assert.equal(await scene.ask('hello'), 'hello')
  assert.equal(passing.fired, scene.broker.requests.length)
})

test('a lost response leaves a request that the broker has served and a connection that is cut', async () => {
  await using scene = await Scene.open()
  const lost = scene.proxy.loseResponse({ api: 'Heartbeat', after: 1 })
  assert.equal(await scene.ask('first'), 'first')
  await assert.rejects(scene.ask('second'), BrokerConnectionError)
  assert.equal(await scene.ask('third'), 'third')
  assert.deepEqual(scene.asked, ['first', 'second', 'third'])
  assert.equal(lost.fired, 1)
})

test('a response that is lost in silence is waited for', async () => {
  await using scene = await Scene.open()
  const lost = scene.proxy.loseResponse({ api: 'Heartbeat' }, 'silence')
  await assert.rejects(scene.ask('unanswered', SOON_MS), RequestTimeoutError)
  assert.deepEqual(scene.asked, ['unanswered'])
  assert.equal(lost.fired, 1)
})

test('a request that is cut never reaches the broker', async () => {
  await using scene = await Scene.open()
  const cut = scene.proxy.cut({ api: 'Heartbeat', where: ({ body }) => body.includes('second') })
  assert.equal(await scene.ask('first'), 'first')
  await assert.rejects(scene.ask('second'), BrokerConnectionError)
  assert.deepEqual(scene.asked, ['first'])
  assert.equal(cut.fired, 1)
})

test('a delayed request and a delayed response arrive when they are released, and no others wait', async () => {
  await using scene = await Scene.open()
  const request = scene.proxy.delayRequest({ api: 'Heartbeat' })
  const first = scene.ask('first')
  await request.firstFired
  assert.deepEqual(scene.asked, [])
  request.release()
  assert.equal(await first, 'first')
  const response = scene.proxy.delayResponse({ api: 'Heartbeat' })
  let answered = false
  const second = scene.ask('second').finally(() => {
    answered = true
  })
  await response.firstFired
  assert.deepEqual(scene.asked, ['first', 'second'])
  assert.equal(answered, false)
  response.release()
  assert.equal(await second, 'second')
})

test('nothing goes through a half-open connection, and neither side sees it close', async () => {
  await using scene = await Scene.open()
  assert.equal(await scene.ask('before'), 'before')
  const halfOpen = scene.proxy.halfOpen({ api: 'Heartbeat' })
  const sockets = scene.broker.sockets.size
  await assert.rejects(scene.ask('unheard', SOON_MS), RequestTimeoutError)
  assert.deepEqual(scene.asked, ['before'])
  assert.equal(scene.broker.sockets.size, sockets)
  assert.equal(await scene.ask('on a new connection'), 'on a new connection')
  assert.equal(halfOpen.fired, 1)
})

test('a slow connection carries so many bytes a second', async () => {
  await using scene = await Scene.open()
  const slow = scene.proxy.slow({ api: 'Heartbeat' }, 10_000)
  const text = 'x'.repeat(1_000)
  const started = performance.now()
  assert.equal(await scene.ask(text), text)
  const took = performance.now() - started
  assert(took >= 180, `1000 bytes there and back at 10,000 bytes/s took ${took} ms`)
  assert.equal(slow.fired, 1)
})

test('a rule befalls as many requests as it says, until it is cancelled', async () => {
  await using scene = await Scene.open()
  const cut = scene.proxy.cut({ api: 'Heartbeat', times: 3 })
  await assert.rejects(scene.ask('1'), BrokerConnectionError)
  await assert.rejects(scene.ask('2'), BrokerConnectionError)
  cut.cancel()
  assert.equal(await scene.ask('3'), '3')
  assert.equal(cut.fired, 2)
})

test('all connections end at once where a test says so, and with the broker', async () => {
  await using scene = await Scene.open()
  const held = scene.proxy.delayResponse({ api: 'Heartbeat' })
  const cut = assert.rejects(scene.ask('cut'), BrokerConnectionError)
  await held.firstFired
  scene.proxy.cutAll()
  await cut
  assert.equal(await scene.ask('again'), 'again')
  const [socket] = scene.broker.sockets
  const closed = once(socket!, 'close')
  scene.broker.hangUp()
  await closed
  await until('the client connects anew', async () => (await scene.ask('anew').catch(() => '')) === 'anew')
})
