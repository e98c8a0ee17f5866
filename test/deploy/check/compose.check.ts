import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { tool } from '../../support/deploy/tool.js'

describe('docker-compose', () => {
  test('takes docker-compose.yml, the broker alone and all of it', async () => {
    await tool('docker-compose', ['config', '--quiet'])
    await tool('docker-compose', ['--profile', 'workers', 'config', '--quiet'])
  })

  test('knows what each service is to wait for', async () => {
    const services = await tool('docker-compose', ['--profile', 'workers', 'config', '--services'])
    const expected = ['grafana', 'kafka', 'lines', 'prometheus', 'topics', 'worker-1', 'worker-2']
    assert.deepEqual(services.trim().split('\n').sort(), expected)
  })
})
