import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, rm, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, it } from 'node:test'
import { pathToFileURL } from 'node:url'
import { ClassicLevelStateDatabase } from '../../src/state/classic-level-state-database.js'
import { openTaskDatabase, StateDirectory } from '../../src/state/state-directory.js'
import { StateDirectoryLockedError, UnknownStateFormatError } from '../../src/state/state-errors.js'
import { WriteBatch } from '../../src/state/write-batch.js'
import { temporaryDirectory } from './support.js'

async function write(database: { write(batch: WriteBatch): Promise<void> }, key: string, value: string) {
  const batch = new WriteBatch()
  batch.add(Buffer.from(key), Buffer.from(value))
  await database.write(batch)
}

const HOLDER = `
  const { StateDirectory } = await import(process.argv[1])
  const directory = await StateDirectory.open(process.argv[2], 'app')
  console.log(directory.processId)
  setInterval(() => directory, 1000)
`

describe('state directory', () => {
  it('keeps its process id over restarts', async (test) => {
    const stateDir = await temporaryDirectory(test)
    const first = await StateDirectory.open(stateDir, 'app')
    assert.match(first.processId, /^[0-9a-f-]{36}$/)
    await first.close()
    const second = await StateDirectory.open(stateDir, 'app')
    assert.equal(second.processId, first.processId)
    assert.equal(second.path, join(stateDir, 'app'))
    await second.close()
  })

  it('is held by one process at a time, and names itself to the others', async (test) => {
    const stateDir = await temporaryDirectory(test)
    const first = await StateDirectory.open(stateDir, 'app')
    await assert.rejects(StateDirectory.open(stateDir, 'app'), (error) => {
      assert.ok(error instanceof StateDirectoryLockedError)
      assert.equal(error.directory, join(stateDir, 'app'))
      return true
    })
    const other = await StateDirectory.open(stateDir, 'other')
    await other.close()
    await first.close()
  })

  it('is free as soon as the process that held it is killed', async (test) => {
    const stateDir = await temporaryDirectory(test)
    const module = pathToFileURL(join(import.meta.dirname, '../../src/state/state-directory.js')).href
    const holder = spawn(process.execPath, ['--input-type=module', '-e', HOLDER, module, stateDir], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [processId] = await once(holder.stdout, 'data')
    await assert.rejects(StateDirectory.open(stateDir, 'app'), StateDirectoryLockedError)
    holder.kill('SIGKILL')
    await once(holder, 'exit')
    const directory = await StateDirectory.open(stateDir, 'app')
    assert.equal(directory.processId, String(processId).trim())
    await directory.close()
  })

  it('refuses the format of another version', async (test) => {
    const stateDir = await temporaryDirectory(test)
    await (await StateDirectory.open(stateDir, 'app')).close()
    const meta = await ClassicLevelStateDatabase.open(join(stateDir, 'app', 'meta'))
    await write(meta, 'formatVersion', '999')
    await meta.close()
    await assert.rejects(StateDirectory.open(stateDir, 'app'), UnknownStateFormatError)
    // The refusal does not leave it locked.
    await assert.rejects(StateDirectory.open(stateDir, 'app'), /format version 999.*delete the directory/)
  })

  it('opens, lists and removes the databases of tasks', async (test) => {
    const directory = await StateDirectory.open(await temporaryDirectory(test), 'app')
    assert.deepEqual(await directory.taskIds(), [])
    const database = await directory.openTask('0_1')
    await write(database, 'a', '1')
    await database.close()
    await (await openTaskDatabase(directory.path, '1_0')).close()
    assert.deepEqual(await directory.taskIds(), ['0_1', '1_0'])
    await directory.removeTask('0_1')
    assert.deepEqual(await directory.taskIds(), ['1_0'])
    await directory.close()
  })

  it('waits for the database of a task that another thread has not closed yet', async (test) => {
    const directory = await StateDirectory.open(await temporaryDirectory(test), 'app')
    const held = await directory.openTask('0_0')
    const steps: string[] = []
    const waiting = openTaskDatabase(directory.path, '0_0').then((database) => {
      steps.push('opened')
      return database
    })
    const stopping = new AbortController()
    const givenUp = openTaskDatabase(directory.path, '0_0', { signal: stopping.signal })
    stopping.abort(new Error('the thread stops'))
    await assert.rejects(givenUp, /the thread stops/)
    steps.push('closed')
    await held.close()
    await (await waiting).close()
    assert.deepEqual(steps, ['closed', 'opened'])
    await directory.close()
  })

  for (const [damage, spoil] of [
    ['cut off', (path: string) => truncate(path, 20)],
    ['missing', (path: string) => rm(path)],
  ] as const) {
    it(`replaces a database whose manifest is ${damage} by an empty one`, async (test) => {
      const directory = await StateDirectory.open(await temporaryDirectory(test), 'app')
      const database = await directory.openTask('0_0')
      await write(database, 'a', '1')
      await database.close()
      const path = join(directory.path, 'tasks', '0_0')
      const manifests = (await readdir(path)).filter((file) => file.startsWith('MANIFEST'))
      for (const file of manifests) await spoil(join(path, file))
      const replaced = await directory.openTask('0_0')
      assert.equal(replaced.get(Buffer.from('a')), undefined)
      await replaced.close()
      await directory.close()
    })
  }
})
