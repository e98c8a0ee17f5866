import assert from 'node:assert/strict'
import { once } from 'node:events'
import { describe, test } from 'node:test'
import { InstalledPackage } from '../package/installed-package.js'
import { readmeCode } from '../package/readme-code.js'
import { ownBroker } from '../support/broker.js'
import { TopicClient } from '../support/topic-client.js'
import { until } from '../support/until.js'

/** What `int64()` writes, big-endian. */
const count = (value: string | null): number => Number(Buffer.from(value ?? '').readBigInt64BE())

describe('the README', () => {
  test('has a first application that runs on a broker as it stands, installed from the packed package', async () => {
    // Its topics have the names that the README gives them.
    await using broker = await ownBroker()
    await using topics = new TopicClient(broker.brokers)
    await topics.create('sentences', 1)
    await topics.create('word-counts', 1)
    await using installed = await InstalledPackage.make()
    const [code] = await readmeCode()
    await installed.write('application.ts', code!.replace('localhost:9092', broker.brokers[0]!))
    await installed.compile('application.ts', 'node16')

    const application = installed.start('application.js')
    const ended = once(application, 'exit')
    try {
      await topics.write('sentences', [{ key: '1', value: 'to be or not to be', timestamp: 0 }])
      const counts = new Map<string | null, number>()
      await until('every word is counted', async () => {
        for (const { key, value } of await topics.read('word-counts')) counts.set(key, count(value))
        return counts.size === 4
      })
      assert.deepEqual(Object.fromEntries(counts), { to: 2, be: 2, or: 1, not: 1 })
      application.kill('SIGTERM')
      assert.deepEqual(await ended, [0, null])
    } finally {
      application.kill('SIGKILL')
    }
  })
})
