import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { brokerAnswers } from '../../src/testing/kafka-broker/broker-probe.js'
import { processExists } from '../../src/testing/kafka-broker/broker-record.js'
import { BrokerInUseError, BrokerStartError, KafkaBroker } from '../../src/testing/kafka-broker/index.js'

const BROKER_MODULE = new URL('../../src/testing/kafka-broker/index.js', import.meta.url).href

/** A process that starts a broker on a data directory, prints its pid and port, and stays. */
const brokerInOtherProcess = async (dataDir: string) => {
  const script = `
    const { KafkaBroker } = await import(${JSON.stringify(BROKER_MODULE)})
    const broker = await KafkaBroker.start({ dataDir: ${JSON.stringify(dataDir)} })
    console.log(JSON.stringify({ pid: broker.pid, port: broker.port }))
    setInterval(() => {}, 1000)`
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(owner.stdout as Socket, 'data')) as [Buffer]
  return { owner, ...(JSON.parse(line.toString()) as { pid: number; port: number }) }
}

test('a broker answers when start resolves, and is gone with its data when stop does', async () => {
  const broker = await KafkaBroker.start()
  const dataDir = dirname(broker.logFile)
  assert.deepEqual(broker.brokers, [`127.0.0.1:${broker.port}`])
  assert.equal(await brokerAnswers(broker.port), true)
  assert.equal(processExists(broker.pid), true)
  await broker.stop()
  assert.equal(processExists(broker.pid), false)
  assert.equal(existsSync(dataDir), false)
})

test('a broker ends with the process that started it, killed or not, and the next start takes its data and port', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'millrace-broker-test-'))
  t.after(() => rm(dataDir, { recursive: true, force: true }))
  const first = await brokerInOtherProcess(dataDir)

  await assert.rejects(KafkaBroker.start({ dataDir }), (error: Error) => {
    assert.ok(error instanceof BrokerInUseError)
    assert.equal(error.ownerPid, first.owner.pid)
    assert.equal(error.port, first.port)
    return true
  })

  first.owner.kill('SIGKILL')
  await using second = await KafkaBroker.start({ dataDir })
  assert.equal(second.port, first.port)
  assert.equal(processExists(first.pid), false)
})

test('a broker that ends by itself while it starts is an error with the end of its log', async () => {
  await assert.rejects(KafkaBroker.start({ properties: { 'num.io.threads': 'many' } }), (error: Error) => {
    assert.ok(error instanceof BrokerStartError)
    assert.match(error.message, /num\.io\.threads/)
    return true
  })
})

test('a killed broker is seen as not running', async () => {
  await using broker = await KafkaBroker.start()
  process.kill(broker.pid, 'SIGKILL')
  while (broker.running) await delay(10)
  assert.equal(await brokerAnswers(broker.port), false)
})
