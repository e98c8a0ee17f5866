import assert from 'node:assert/strict'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import type { KafkaStreams, RestoredStore } from '../../src/index.js'
import { partitionFor } from '../../src/kafka/records/partitioner.js'
import { decodeCheckpoint } from '../../src/state/checkpoint.js'
import { CHECKPOINT_KEY } from '../../src/state/row-layout.js'
import { openTaskDatabase } from '../../src/state/state-directory.js'
import { assertCounted, countingApplication, keysAndWindowsTopology, numbered } from '../support/counting.js'
import { Feed } from '../support/feed.js'
import { Interception } from '../support/interception.js'
import { killedApplication } from '../support/run-killed-application.js'
import type { TestApplication } from '../support/test-application.js'
import type { TextRecord } from '../support/topic-client.js'

const PARTITIONS = 2
const KEYS = 40_000
/** Restore requests of the thread before one is held: the other task has a transaction's end to restore. */
const PASSED_REQUESTS = 2
const STORES = ['counts', 'seconds']

/** How far each store of a task on disk is in its changelog. */
async function localPositions(app: TestApplication, partition: number): Promise<Map<string, number>> {
  const database = await openTaskDatabase(join(app.directory, 'one', app.applicationId), `0_${partition}`)
  try {
    const { stores } = decodeCheckpoint(database.get(CHECKPOINT_KEY)!, database.location)
    return new Map(Object.entries(stores).map(([store, { changelogOffset }]) => [store, changelogOffset!]))
  } finally {
    await database.close()
  }
}

/** Records that a changelog has beyond what is on disk, by `store partition`; and how many it has in all. */
async function missingOnDisk(app: TestApplication) {
  const missing = new Map<string, number>()
  let total = 0
  for (const store of STORES) {
    const records = await app.client.read(app.internalTopic(`${store}-changelog`))
    total += records.length
    for (let partition = 0; partition < PARTITIONS; partition++) {
      const position = (await localPositions(app, partition)).get(store)!
      const beyond = records.filter((record) => record.partition === partition && record.offset >= position)
      missing.set(`${store} ${partition}`, beyond.length)
    }
  }
  return { missing, total }
}

function restoresOf(streams: KafkaStreams): RestoredStore[] {
  const restored: RestoredStore[] = []
  streams.on('restored', (store) => restored.push(store))
  return restored
}

describe('after SIGKILL under load', () => {
  test('key-value and window stores restore what came after the last local commit, and nothing else', async () => {
    const { app, input, output } = await countingApplication({}, { partitions: PARTITIONS })
    await using _ = app
    const options = app.options({ sessionTimeout: '6s' })
    const killed = killedApplication({
      options,
      input,
      output,
      before: 'committed',
      commit: 10,
      runs: 'counts-and-windows',
    })
    const feed = new Feed(app.client, input, { keys: 40 })
    assert.equal((await once(killed, 'exit'))[1], 'SIGKILL')
    const records = await feed.stop()
    const { missing, total } = await missingOnDisk(app)

    const successor = app.streams(keysAndWindowsTopology(input, output))
    const restored = restoresOf(successor)
    await successor.start()
    await app.until('it runs', () => successor.state === 'running')
    assert.deepEqual(
      new Map(restored.map(({ store, partition, records }) => [`${store} ${partition}`, records])),
      missing,
    )
    const delta = [...missing.values()].reduce((sum, each) => sum + each)
    assert.ok(delta > 0 && delta < total / 2, `${delta} of ${total} records are no small part`)
    assert.equal(successor.metrics().recordsRestored, delta)
    assert.ok(restored.every(({ wiped }) => wiped === undefined))
    await app.committed(input)
    await assertCounted(app, output, records)
  })
})

describe('while a task restores', () => {
  test('its thread processes the other tasks, commits them, and keeps its membership', async () => {
    const { app, input, output, topology } = await countingApplication(
      { sessionTimeout: '6s' },
      { partitions: PARTITIONS },
    )
    await using _ = app
    const before = longKeys(numbered(KEYS, { keys: KEYS }))
    await app.client.write(input, before)
    const first = await app.started(topology)
    await app.committed(input)
    await first.close()
    await app.deleteTask('0_0')

    using interception = new Interception()
    let heartbeats = 0
    let lost = 0
    interception.every('Heartbeat', { after: () => void heartbeats++ })
    const second = app.streams(topology)
    const restored = restoresOf(second)
    second.on('warning', () => void lost++)
    const after = longKeys(numbered(KEYS, { keys: KEYS, from: KEYS }))
    const ofTheOther = after.filter(({ key }) => partitionOf(key!) === 1).length
    let requests = 0
    // Longer than the session timeout, told by heartbeats that were answered.
    const outlasted = (): boolean => second.metrics().recordsProcessed >= ofTheOther && heartbeats > 6
    interception.every('Fetch', {
      before: async (channel) => {
        if (!channel.startsWith('restore') || ++requests <= PASSED_REQUESTS) return
        await app.until('the other task has processed everything, beyond the session timeout', outlasted)
      },
    })
    await second.start()
    await app.client.write(input, after)
    await app.until('it runs', () => requests > PASSED_REQUESTS && second.state === 'running')
    assert.deepEqual(
      restored.map(({ task, wiped }) => ({ task, wiped })),
      [{ task: '0_0', wiped: 'no-position' }],
    )
    assert.equal(lost, 0, 'no membership, and no commit, was lost')
    await app.committed(input)
    await assertCounted(app, output, [...before, ...after])
  })
})

/** So that a changelog takes more than the requests that pass. */
const longKeys = (records: readonly TextRecord[]): TextRecord[] =>
  records.map((record) => ({ ...record, key: record.key!.padEnd(250, '-') }))

function partitionOf(key: string): number {
  const bytes = Buffer.from(key)
  return partitionFor(bytes, 0, bytes.length, PARTITIONS)
}
