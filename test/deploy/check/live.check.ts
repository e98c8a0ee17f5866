import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testBroker } from '../../support/broker.js'
import { BuiltImage } from '../../support/deploy/built-image.js'
import { Container } from '../../support/deploy/container.js'
import { dashboardPanels, mayBeEmpty } from '../../support/deploy/dashboard.js'
import { readText, readYaml } from '../../support/deploy/deploy-files.js'
import { PrometheusServer, type Series } from '../../support/deploy/prometheus.js'
import { tool } from '../../support/deploy/tool.js'
import { StateVolumes, Worker } from '../../support/deploy/worker.js'
import { TopicClient } from '../../support/topic-client.js'
import { until } from '../../support/until.js'

const INPUT = 'streams-plaintext-input'
const OUTPUT = 'streams-wordcount-output'
const PARTITIONS = 4

/** Samples of each worker that Prometheus has before it is asked; it scrapes once a second. */
const SAMPLES = 20

/** What Grafana makes of its variables, four scrapes long as it would have them at least. */
const asGrafana = (expression: string): string =>
  expression.replaceAll('$__rate_interval', '4s').replaceAll('$job', '.*').replaceAll('$instance', '.*')

const hasFigures = (series: readonly Series[]): boolean =>
  series.some(({ values }) => values.some(([, value]) => Number.isFinite(Number(value))))

/** Writes the lines of docker-compose.yml until it is stopped. */
class Lines {
  private stopped = false
  private readonly done: Promise<void>

  constructor(private readonly client: TopicClient) {
    this.done = this.write()
  }

  private async write(): Promise<void> {
    const lines = readText('deploy/compose/lines.txt').trim().split('\n')
    while (!this.stopped) {
      const timestamp = Date.now()
      // Keys spread the lines over partitions; the topology does not look at them.
      await this.client.write(
        INPUT,
        lines.map((value, at) => ({ key: String(at), value, timestamp })),
      )
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.stopped = true
    await this.done
  }
}

/** Prometheus has enough samples of each worker to give rates. */
const isScraped = async (prometheus: PrometheusServer): Promise<boolean> => {
  const counts = await prometheus.query('count_over_time(millrace_thread_lag_records[1m])')
  return counts.length === 2 && counts.every(({ values }) => Number(values[0]![1]) >= SAMPLES)
}

type Environment = Readonly<Record<string, string>>

interface Compose {
  readonly services: Readonly<Record<string, { readonly environment: Environment }>>
}

interface ConfigMap {
  readonly data: Environment
}

const composeEnvironment = (): Environment =>
  readYaml<Compose>('docker-compose.yml').services['worker-1']!.environment

const kubernetesEnvironment = (): Environment => ({
  ...readYaml<ConfigMap>('deploy/kubernetes/configuration.yaml').data,
  MILLRACE_GROUP_INSTANCE_ID: 'word-count-0',
})

interface ScaledObject {
  readonly spec: { readonly triggers: readonly { readonly metadata: { readonly query: string } }[] }
}

test('two workers of the image, with a Prometheus that scrapes them,', async (t) => {
  const { brokers } = await testBroker()
  await using client = new TopicClient(brokers)
  for (const topic of [INPUT, OUTPUT]) await client.create(topic, PARTITIONS)
  await using image = await BuiltImage.build()
  await using states = await StateVolumes.make()
  const common = { brokers, application: 'word-count' }
  await using one = await Worker.start(image, states, { name: 'worker-1', ...common })
  await using other = await Worker.start(image, states, { name: 'worker-2', ...common })
  const workers = [one, other]
  await using prometheus = await PrometheusServer.start(workers.map(({ address }) => address))
  const startedAt = Date.now() / 1000
  await using _lines = new Lines(client)
  await Promise.all(workers.map((worker) => worker.untilReady()))
  await until('Prometheus has samples of both', () => isScraped(prometheus))

  await t.test('know all that they are configured with by docker-compose.yml and on Kubernetes', async () => {
    for (const env of [composeEnvironment(), kubernetesEnvironment()]) {
      const command = [...image.config.command, '--print-config']
      await using container = new Container(image.config, image.mounts, { env, command })
      assert.equal(await container.exited, 0, container.stderr)
      const { sources } = JSON.parse(container.stdout) as { sources: Readonly<Record<string, string>> }
      const given = Object.keys({ ...image.config.env, ...env }).filter((name) =>
        name.startsWith('MILLRACE_'),
      )
      assert.deepEqual(Object.values(sources).sort(), given.sort())
    }
  })

  await t.test('are healthy, as the image asks', async () => {
    for (const { container } of workers) assert.ok(await container.healthy())
  })

  await t.test('have metrics that promtool has nothing to say against', async () => {
    for (const { url } of workers) {
      const metrics = await (await fetch(`${url}/metrics`)).text()
      assert.equal(await tool('promtool', ['check', 'metrics'], { input: metrics }), '')
    }
  })

  for (const panel of dashboardPanels()) {
    await t.test(`answer the panel '${panel.title}'`, async () => {
      for (const { expr } of panel.targets) {
        const series = await prometheus.queryRange(asGrafana(expr), startedAt, Date.now() / 1000)
        assert.ok(mayBeEmpty(panel) || hasFigures(series), expr)
      }
    })
  }

  await t.test('answer what the autoscaler asks, with one figure', async () => {
    const { spec } = readYaml<ScaledObject>('deploy/kubernetes/scaled-object.yaml')
    for (const { metadata } of spec.triggers) {
      const answer = await prometheus.query(metadata.query)
      assert.equal(answer.length, 1, metadata.query)
      assert.ok(hasFigures(answer), metadata.query)
    }
  })

  await t.test('set off no alert, though all can be evaluated', async () => {
    const rules = await prometheus.rules()
    assert.ok(rules.length > 0)
    for (const { name, health, lastError, state } of rules) {
      assert.equal(health, 'ok', `${name}: ${lastError}`)
      assert.notEqual(state, 'firing', name)
    }
  })

  await t.test('end with 0 at the stop signal, and are missed', async () => {
    assert.equal(await one.container.stop(), 0, one.container.stderr)
    await until('the alert is pending', async () =>
      (await prometheus.rules()).some(
        ({ name, state }) => name === 'MillraceWorkerDown' && state === 'pending',
      ),
    )
  })
})
