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

  test('knows what each service is to wait for', async () => {
    const services = await tool('docker-compose', ['--profile', 'workers', 'config', '--services'])
    assert.deepEqual(services.trim().split('\n').sort(), [
      'grafana',
      'kafka',
      'lines',
      'prometheus',
      'schema-registry',
      'topics',
      'worker-1',
      'worker-2',
    ])
  })
})
