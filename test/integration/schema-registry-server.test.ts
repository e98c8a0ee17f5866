import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import type { Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as delay } from 'node:timers/promises'
import { processExists } from '../../src/testing/kafka-broker/broker-record.js'
import {
  SchemaRegistryInUseError,
  SchemaRegistryServer,
  SchemaRegistryStartError,
} from '../../src/testing/schema-registry/index.js'

const SERVER_MODULE = new URL('../../src/testing/schema-registry/index.js', import.meta.url).href

/** A process that starts a registry, prints its process id, and stays. */
const registryInOtherProcess = async () => {
  const script = `
    const { SchemaRegistryServer } = await import(${JSON.stringify(SERVER_MODULE)})
    const registry = await SchemaRegistryServer.start()
    console.log(registry.pid)
    setInterval(() => {}, 1000)`
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = (await once(owner.stdout as Socket, 'data')) as [Buffer]
  return { owner, pid: Number(line.toString()) }
}

test('a registry answers when start resolves, also when it held still for a while, and is gone when stop does', async (t) => {
  const { TMPDIR } = process.env
  const directory = await mkdtemp(join(tmpdir(), 'registry-test-'))
  process.env.TMPDIR = directory
  t.after(async () => {
    if (TMPDIR === undefined) delete process.env.TMPDIR
    else process.env.TMPDIR = TMPDIR
    await rm(directory, { recursive: true })
  })
  await using registry = await SchemaRegistryServer.start()
  const subjects = `${registry.url}/subjects`
  assert.equal((await fetch(subjects)).status, 200)

  registry.suspend()
  await assert.rejects(fetch(subjects, { signal: AbortSignal.timeout(200) }), { name: 'TimeoutError' })
  registry.resume()
  assert.equal((await fetch(subjects)).status, 200)

  await assert.rejects(SchemaRegistryServer.start({ port: registry.port }), (error: Error) => {
    assert.ok(error instanceof SchemaRegistryStartError)
    assert.match(error.message, /in use by another process/)
    return true
  })

  registry.suspend()
  await registry.stop()
  assert.equal(processExists(registry.pid), false)
  assert.deepEqual(await readdir(directory), [])
})

test('a registry has its files for itself', async (t) => {
  const dataDir = await mkdtemp(join(tmpdir(), 'registry-test-'))
  t.after(() => rm(dataDir, { recursive: true }))
  await using _registry = await SchemaRegistryServer.start({ dataDir })
  await assert.rejects(SchemaRegistryServer.start({ dataDir }), SchemaRegistryInUseError)
})

test('a registry ends with the process that started it, killed or not', async () => {
  const { owner, pid } = await registryInOtherProcess()
  owner.kill('SIGKILL')
  while (processExists(pid)) await delay(10)
})
