import assert from 'node:assert/strict'
import { readdir } from 'node:fs/promises'
import { test } from 'node:test'
import { InstalledPackage } from '../package/installed-package.js'
import { testBroker } from '../support/broker.js'
import { readImage } from '../support/deploy/deploy-files.js'
import { StateVolumes, Worker } from '../support/deploy/worker.js'
import { allCommitted } from '../support/processed-all.js'
import { TopicClient } from '../support/topic-client.js'
import { uniqueName } from '../support/unique-name.js'
import { until } from '../support/until.js'

const topology = (input: string, output: string): string => `
  import { int64, StreamsBuilder, string } from 'millrace'

  const builder = new StreamsBuilder()
  builder
    .stream('${input}', { key: string(), value: string() })
    .groupByKey()
    .count({ store: 'counts' })
    .toStream()
    .mapValues(String)
    .to('${output}', { key: string(), value: string() })
  export default builder.build()
`

/** What a container of the package would do, without one: see `Container`. */
test('The package, installed for production where only root can write, and run as the Dockerfile says,', async (t) => {
  const { brokers } = await testBroker()
  await using client = new TopicClient(brokers)
  const [application, input, output] = ['application', 'input', 'output'].map(uniqueName)
  for (const topic of [input!, output!]) await client.create(topic, 2)

  const image = readImage()
  await using installed = await InstalledPackage.make()
  await installed.write('topology.js', topology(input!, output!))
  await installed.seal()
  await using states = await StateVolumes.make()
  await using worker = await Worker.start(
    { config: image, mounts: { [image.directory]: installed.directory } },
    states,
    { name: 'worker', brokers, application: application!, command: ['run', 'topology.js'] },
  )
  const { container } = worker

  await t.test('gets ready and is healthy', async () => {
    await worker.untilReady()
    assert.ok(await container.healthy())
    // What it says of variables that it does not know.
    assert.doesNotMatch(container.stdout, /is no option/)
  })

  await t.test('cannot change its own code', async () => {
    const write = (path: string) =>
      container.exec('node', '-e', `require('node:fs').writeFileSync(${JSON.stringify(path)}, '')`)
    await assert.rejects(write(`${installed.directory}/topology.js`), /EACCES/)
    await assert.rejects(write(`${installed.directory}/node_modules/millrace/new.js`), /EACCES/)
  })

  await t.test('processes, and keeps its state where the image has its volume', async () => {
    await client.write(input!, [
      { key: 'a', value: '1', timestamp: 1 },
      { key: 'b', value: '1', timestamp: 2 },
      { key: 'a', value: '1', timestamp: 3 },
    ])
    await until('the counts are there', async () =>
      (await client.read(output!)).some(({ key, value }) => key === 'a' && value === '2'),
    )
    assert.deepEqual(await readdir(worker.state), [application])
  })

  await t.test('ends with 0 at the stop signal, and has committed what it has processed', async () => {
    assert.equal(await container.stop(), 0, container.stderr)
    assert.ok(await allCommitted(client, application!, [input!]))
  })
})
