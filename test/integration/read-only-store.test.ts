import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type FixedKeyProcessorContext, Stores, StreamsBuilder, string } from '../../src/index.js'
import { TestApplication } from '../support/test-application.js'

const serdes = { key: string(), value: string() }

test('a read-only store comes back from its topic where the state is gone', async () => {
  await using app = await TestApplication.create()
  const pages = await app.topic('pages', 2)
  const clicks = await app.topic('clicks', 2)
  const output = await app.topic('titles', 1)
  const titles = Stores.keyValue('titles', serdes)
  const builder = new StreamsBuilder()
  builder.addReadOnlyStateStore(titles, pages)
  builder
    .stream(clicks, serdes)
    .processValues(
      () => {
        let context: FixedKeyProcessorContext<string>
        return {
          init(given: FixedKeyProcessorContext<string>) {
            context = given
          },
          process(record: { readonly key: string; readonly value: string; readonly timestamp: number }) {
            context.forward({ ...record, value: context.store(titles).get(record.key) ?? 'none' })
          },
        }
      },
      { stores: [titles] },
    )
    .to(output, serdes)
  const topology = builder.build()
  await app.client.write(pages, [
    { key: 'home', value: 'Home', timestamp: 1 },
    { key: 'cart', value: 'Cart', timestamp: 2 },
    { key: 'cart', value: null, timestamp: 3 },
    { key: 'news', value: 'News', timestamp: 4 },
  ])
  const first = await app.started(topology)
  await app.committed(pages)
  await first.close()
  await app.deleteState()

  await app.client.write(
    clicks,
    ['home', 'cart', 'news'].map((key) => ({ key, value: 'x', timestamp: 10 })),
  )
  const second = await app.started(topology)
  await app.committed(clicks)
  assert.equal(second.metrics().recordsRestored, 4)
  await second.close()
  const read = await app.client.read(output)
  assert.deepEqual(read.map(({ key, value }) => `${key}: ${value}`).sort(), [
    'cart: none',
    'home: Home',
    'news: News',
  ])
})
