import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { buildOnce } from '../../../src/testing/local-server/build-once.js'

test('of those who build at the same time one wins, and all find it complete', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-build-once-'))
  t.after(() => rm(directory, { recursive: true }))
  const target = join(directory, 'jars')
  const builds = [1, 2, 3].map(async (builder) => {
    await buildOnce(target, async (building) => {
      await writeFile(join(building, 'first'), `${builder}`)
      await writeFile(join(building, 'second'), `${builder}`)
    })
    const [first, second] = await Promise.all(
      ['first', 'second'].map((file) => readFile(join(target, file), 'utf8')),
    )
    assert.equal(first, second)
  })
  await Promise.all(builds)
  assert.deepEqual(await readdir(directory), ['jars'])
  await buildOnce(target, () => assert.fail('it is there already'))
})

test('a build that fails leaves nothing behind', async (t) => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-build-once-'))
  t.after(() => rm(directory, { recursive: true }))
  const failing = buildOnce(join(directory, 'jars'), async (building) => {
    await writeFile(join(building, 'half'), '')
    throw new Error('no room')
  })
  await assert.rejects(failing, /no room/)
  assert.deepEqual(await readdir(directory), [])
})
