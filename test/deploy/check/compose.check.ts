import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { tool } from '../../support/deploy/tool.js'

describe('docker-compose', () => {
  test('takes docker-compose.yml, the broker alone and with what each profile adds', async () => {
    await tool('docker-compose', ['config', '--quiet'])
    for (const profile of ['avro', 'workers']) {
      await tool('docker-compose', ['--profile', profile, 'config', '--quiet'])
    }
  })

  test('starts a schema registry beside the broker for Avro', async () => {
    const services = await tool('docker-compose', ['--profile', 'avro', 'config', '--services'])
    assert.deepEqual(services.trim().split('\n').sort(), ['kafka', 'schema-registry'])
  })

  test('knows what each service is to wait for', async () => {
    const services = await tool('docker-compose', ['--profile', 'workers', 'config', '--services'])
    const expected = ['grafana', 'kafka', 'lines', 'prometheus', 'topics', 'worker-1', 'worker-2']
    assert.deepEqual(services.trim().split('\n').sort(), expected)
  })
})
