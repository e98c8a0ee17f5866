import assert from 'node:assert/strict'
import { once } from 'node:events'
import { test } from 'node:test'
import { setTimeout as delay, setImmediate as turn } from 'node:timers/promises'
import fc from 'fast-check'
import { BrokerLink } from '../../../src/kafka/transport/broker-link.js'
import type { ApiCall } from '../../../src/kafka/transport/broker-transport.js'
import { WriterPool } from '../../../src/kafka/transport/pending-request.js'
import {
  AuthenticationError,
  BrokerConnectionError,
  RequestTimeoutError,
  TransportClosedError,
  UnsupportedVersionError,
} from '../../../src/kafka/transport/transport-error.js'
import { linkOptionsOf, type TransportOptions } from '../../../src/kafka/transport/transport-options.js'
import { type ArrivedRequest, FakeBroker } from '../../support/fake-broker.js'

const ECHO = 60
const API_VERSIONS = 18
const PATIENCE_MS = 20_000

const echoCall = (write: () => string, flexible = false): ApiCall<string> => ({
  apiKey: ECHO,
  apiName: 'Echo',
  apiVersion: 0,
  flexible,
  encode: (writer) => writer.writeString(write()),
  decode: (reader) => reader.readString() ?? '',
})

const linkTo = (broker: { port: number }, options: Partial<TransportOptions> = {}): BrokerLink =>
  new BrokerLink(
    { host: '127.0.0.1', port: broker.port },
    linkOptionsOf({ brokers: [`127.0.0.1:${broker.port}`], ...options }),
    new WriterPool(),
  )

const isEcho = ({ apiKey }: ArrivedRequest): boolean => apiKey === ECHO

const echoing = (broker: FakeBroker): void => {
  broker.onRequest = (request) => {
    if (isEcho(request)) request.answer(request.body)
    return isEcho(request)
  }
}

/** Resolves when `count` requests of Echo have arrived. */
const arrived = async (broker: FakeBroker, count: number): Promise<ArrivedRequest[]> => {
  while (broker.requests.filter(isEcho).length < count) await turn()
  return broker.requests.filter(isEcho)
}

test('requests reach the broker in the order of the calls, whenever they are made', async () => {
  await using broker = await FakeBroker.start()
  echoing(broker)
  const link = linkTo(broker)
  const answers: Promise<Buffer>[] = []
  for (let index = 0; index < 300; index++) {
    answers.push(
      link.request(
        echoCall(() => String(index)),
        PATIENCE_MS,
      ),
    )
    if (index % 7 === 0) await Promise.resolve()
    if (index % 31 === 0) await turn()
  }
  const echoes = (await Promise.all(answers)).map((payload) => payload.toString('utf8', 2))
  const numbers = Array.from({ length: 300 }, (_, index) => String(index))
  assert.deepEqual(echoes, numbers)
  assert.deepEqual(
    broker.requests.filter(isEcho).map(({ body }) => body.toString('utf8', 2)),
    numbers,
  )
  assert.equal(broker.connections, 1)
  link.close()
})

test('a request is what it was when it was made, even where the caller reuses its buffers', async () => {
  await using broker = await FakeBroker.start()
  echoing(broker)
  const link = linkTo(broker)
  let value = 'first'
  const call = echoCall(() => value)
  const first = link.request(call, PATIENCE_MS)
  value = 'second'
  const second = link.request(call, PATIENCE_MS)
  value = 'neither'
  assert.equal((await first).toString('utf8', 2), 'first')
  assert.equal((await second).toString('utf8', 2), 'second')
  link.close()
})

test('flexible requests carry the tagged fields of their header', async () => {
  await using broker = await FakeBroker.start()
  echoing(broker)
  const link = linkTo(broker, { clientId: 'me' })
  await link.request(
    echoCall(() => 'x', true),
    PATIENCE_MS,
  )
  const [request] = await arrived(broker, 1)
  assert.equal(request!.clientId, 'me')
  assert.deepEqual([...request!.body], [0, 0, 1, 'x'.charCodeAt(0)])
  link.close()
})

test('a connection that breaks rejects what is in flight, and the next request opens a new one', async () => {
  await using broker = await FakeBroker.start()
  broker.onRequest = isEcho
  const link = linkTo(broker)
  const lost = [1, 2, 3].map((index) =>
    link.request(
      echoCall(() => String(index)),
      PATIENCE_MS,
    ),
  )
  await arrived(broker, 3)
  broker.hangUp()
  for (const outcome of await Promise.allSettled(lost)) {
    assert.equal(outcome.status, 'rejected')
    assert.ok(outcome.reason instanceof BrokerConnectionError)
    assert.match(outcome.reason.message, new RegExp(`127.0.0.1:${broker.port}`))
  }
  echoing(broker)
  const echo = await link.request(
    echoCall(() => 'again'),
    PATIENCE_MS,
  )
  assert.equal(echo.toString('utf8', 2), 'again')
  assert.equal(broker.connections, 2)
  link.close()
})

test('half an answer of a broken connection does not spoil the next one', async () => {
  await using broker = await FakeBroker.start()
  broker.onRequest = (request) => {
    if (!isEcho(request)) return false
    request.socket.write(Buffer.from([0, 0, 0, 200, 0, 0, 0, 1, 5, 5, 5]), () => request.socket.destroy())
    return true
  }
  const link = linkTo(broker)
  const call = echoCall(() => 'whole')
  await assert.rejects(link.request(call, PATIENCE_MS), BrokerConnectionError)
  echoing(broker)
  assert.equal((await link.request(call, PATIENCE_MS)).toString('utf8', 2), 'whole')
  link.close()
})

test('an idle connection that the broker closed is replaced unnoticed', async () => {
  await using broker = await FakeBroker.start()
  echoing(broker)
  const link = linkTo(broker)
  const call = echoCall(() => 'x')
  await link.request(call, PATIENCE_MS)
  const [socket] = broker.sockets
  const closed = once(socket!, 'close')
  socket!.end()
  await closed
  await turn()
  await link.request(call, PATIENCE_MS)
  assert.equal(broker.connections, 2)
  link.close()
})

test('a request without answer times out, and its connection is given up', async () => {
  await using broker = await FakeBroker.start()
  const link = linkTo(broker)
  const call = echoCall(() => 'x')
  echoing(broker)
  // Connected: from now on a request is sent at once, and not while it waits for a connection.
  await link.request(call, PATIENCE_MS)
  broker.onRequest = isEcho
  const late = link.request(call, 50)
  const behind = link.request(call, PATIENCE_MS)
  behind.catch(() => {})
  await assert.rejects(late, (error) => {
    assert.ok(error instanceof RequestTimeoutError)
    assert.match(error.message, /Echo to broker 127\.0\.0\.1:\d+: no response within 50 ms/)
    return true
  })
  await assert.rejects(behind, BrokerConnectionError)
  echoing(broker)
  await link.request(call, PATIENCE_MS)
  assert.equal(broker.connections, 2)
  link.close()
})

test('a request whose answer arrives slowly is waited for, and one behind it too', async () => {
  await using broker = await FakeBroker.start()
  broker.onRequest = (request) => isEcho(request)
  const link = linkTo(broker)
  const slow = link.request(
    echoCall(() => 'slow'),
    60,
  )
  const [first] = await arrived(broker, 1)
  const behind = link.request(
    echoCall(() => 'behind'),
    60,
  )
  const [, second] = await arrived(broker, 2)
  const answer = Buffer.concat([Buffer.from([0, 0, 0, 44]), Buffer.alloc(44)])
  answer.writeInt32BE(first!.correlationId, 4)
  for (const byte of answer) {
    first!.socket.write(Buffer.from([byte]))
    await delay(5)
  }
  second!.answer(second!.body)
  assert.equal((await slow).length, 40)
  assert.equal((await behind).toString('utf8', 2), 'behind')
  link.close()
})

test('an answer that arrived while the process stood still is taken, however late the clock says it is', async () => {
  await using broker = await FakeBroker.start()
  broker.onRequest = isEcho
  const link = linkTo(broker)
  const answer = link.request(
    echoCall(() => 'x'),
    300,
  )
  const [request] = await arrived(broker, 1)
  await new Promise<void>((written) => {
    request!.socket.write(frameOf(request!), () => written())
    // As after SIGSTOP and SIGCONT: the timer is due, and the answer lies unread in the socket.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 400)
  })
  assert.equal((await answer).toString('utf8', 2), 'x')
  link.close()
})

const frameOf = ({ body, correlationId }: ArrivedRequest): Buffer => {
  const header = Buffer.alloc(8)
  header.writeInt32BE(body.length + 4, 0)
  header.writeInt32BE(correlationId, 4)
  return Buffer.concat([header, body])
}

test('bytes that are no responses end in an error of the request, and the next one gets a new connection', async () => {
  await using broker = await FakeBroker.start()
  const link = linkTo(broker)
  const crafted = ['ffffffff', '00000000', '7fffffff', '0000000412345678', '00000003000000', '000000']
  const random = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 60 }), { numRuns: 20, seed: 7 })
  for (const bytes of [...crafted.map((hex) => Buffer.from(hex, 'hex')), ...random]) {
    broker.onRequest = (request) => {
      if (isEcho(request)) request.socket.write(bytes)
      return isEcho(request)
    }
    await assert.rejects(
      link.request(
        echoCall(() => 'unanswered'),
        50,
      ),
      (error) => error instanceof BrokerConnectionError || error instanceof RequestTimeoutError,
    )
    echoing(broker)
    const answer = await link.request(
      echoCall(() => 'answered'),
      PATIENCE_MS,
    )
    assert.equal(answer.toString('utf8', 2), 'answered')
  }
  link.close()
})

test('a broker that is not there rejects the requests that wait for it', async () => {
  const broker = await FakeBroker.start()
  const { port } = broker
  await broker[Symbol.asyncDispose]()
  const link = linkTo({ port })
  const call = echoCall(() => 'x')
  const outcomes = await Promise.allSettled([
    link.request(call, PATIENCE_MS),
    link.request(call, PATIENCE_MS),
  ])
  for (const outcome of outcomes) {
    assert.ok(outcome.status === 'rejected' && outcome.reason instanceof BrokerConnectionError)
  }
  link.close()
})

test('a broker that accepts and says nothing is given up after the connection timeout', async () => {
  await using broker = await FakeBroker.start()
  broker.onRequest = () => true
  const link = linkTo(broker, { connectionTimeout: 50 })
  const call = echoCall(() => 'x')
  await assert.rejects(link.request(call, PATIENCE_MS), /not connected within 50 ms/)
  link.close()
})

test('an API version that the broker does not have is refused with both names', async () => {
  await using broker = await FakeBroker.start()
  const link = linkTo(broker)
  const call = { ...echoCall(() => 'x'), apiVersion: 100 }
  await assert.rejects(link.request(call, PATIENCE_MS), (error) => {
    assert.ok(error instanceof UnsupportedVersionError)
    assert.match(error.message, /Echo version 100 is needed, the broker at 127\.0\.0\.1:\d+ offers 0 to 99/)
    return true
  })
  link.close()
})

test('credentials that the broker refuses give an error that says so', async () => {
  await using broker = await FakeBroker.start()
  broker.onRequest = (request) => {
    if (request.apiKey === API_VERSIONS) return false
    const saslHandshake = Buffer.from([0, 33, 0, 0, 0, 1, 0, 5, ...Buffer.from('OTHER')])
    request.answer(saslHandshake)
    return true
  }
  const link = linkTo(broker, { sasl: { mechanism: 'plain', username: 'u', password: 'p' } })
  await assert.rejects(
    link.request(
      echoCall(() => 'x'),
      PATIENCE_MS,
    ),
    (error) => {
      assert.ok(error instanceof AuthenticationError)
      assert.match(error.message, /refused to authenticate with SASL plain/)
      return true
    },
  )
  link.close()
})

test('closing ends what is in flight and what waits, at once, and refuses what comes after', async () => {
  await using broker = await FakeBroker.start()
  broker.onRequest = isEcho
  const link = linkTo(broker)
  const call = echoCall(() => 'x')
  const inFlight = link.request(call, PATIENCE_MS)
  inFlight.catch(() => {})
  const [request] = await arrived(broker, 1)
  const gone = once(request!.socket, 'close')
  link.close()
  await assert.rejects(inFlight, TransportClosedError)
  await gone
  await assert.rejects(link.request(call, PATIENCE_MS), TransportClosedError)
})

test('closing while connecting leaves nothing behind', async () => {
  await using broker = await FakeBroker.start()
  const link = linkTo(broker)
  const waiting = link.request(
    echoCall(() => 'x'),
    PATIENCE_MS,
  )
  link.close()
  await assert.rejects(waiting, TransportClosedError)
})

test('the connections log into the hook, and nowhere else', async () => {
  await using broker = await FakeBroker.start()
  echoing(broker)
  const messages: string[] = []
  const link = linkTo(broker, { onLog: ({ level, message }) => messages.push(`${level} ${message}`) })
  await link.request(
    echoCall(() => 'x'),
    PATIENCE_MS,
  )
  assert.ok(messages.some((message) => message.startsWith('debug Connecting')))
  link.close()
})
