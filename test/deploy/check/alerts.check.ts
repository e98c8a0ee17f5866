import { describe, test } from 'node:test'
import { tool } from '../../support/deploy/tool.js'

const DIRECTORY = 'deploy/prometheus'

describe('promtool', () => {
  test('takes the alerts', async () => {
    await tool('promtool', ['check', 'rules', '--lint-fatal', `${DIRECTORY}/alerts.yml`])
  })

  test('finds that they fire where they are to, and only there', async () => {
    await tool('promtool', ['test', 'rules', `${DIRECTORY}/alerts.test.yml`])
  })

  test('takes the configuration of docker-compose.yml', async () => {
    await tool('promtool', ['check', 'config', `${DIRECTORY}/prometheus.yml`])
  })
})
