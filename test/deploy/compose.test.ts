import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import { APICURIO_VERSION } from '../../src/testing/schema-registry/registry-distribution.js'
import { PROJECT, readImage, readYaml, seconds } from '../support/deploy/deploy-files.js'

interface Service {
  readonly profiles?: readonly string[]
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  readonly image: string
  readonly build?: string
  readonly environment?: Readonly<Record<string, string>>
  readonly stop_grace_period?: string
}

interface Scrapes {
  readonly scrape_configs: readonly {
    readonly job_name: string
    readonly static_configs: readonly { readonly targets: readonly string[] }[]
  }[]
}

const { services } = readYaml<{ services: Readonly<Record<string, Service>> }>('docker-compose.yml')

describe('docker-compose.yml', () => {
  const workers = Object.entries(services).filter(([, { build }]) => build !== undefined)
  const image = readImage()

  test('starts a broker alone, unless it is asked for the rest', () => {
    const always = Object.entries(services).filter(([, { profiles }]) => profiles === undefined)
    assert.deepEqual(
      always.map(([name]) => name),
      ['kafka'],
    )
    for (const [name, { profiles }] of Object.entries(services)) {
      if (name === 'kafka') continue
      assert.deepEqual(profiles, [name === 'schema-registry' ? 'avro' : 'workers'], name)
    }
  })

  test('lets nobody in but this machine', () => {
    for (const { ports = [] } of Object.values(services)) {
      for (const port of ports) assert.match(port, /^127\.0\.0\.1:/)
    }
  })

  test('has two workers with a name and a state of their own', () => {
    assert.equal(workers.length, 2)
    for (const [name, { environment }] of workers) {
      assert.equal(environment!.MILLRACE_GROUP_INSTANCE_ID, name)
    }
    const volumes = workers.flatMap(([, worker]) => worker.volumes!)
    assert.equal(new Set(volumes).size, 2)
    for (const volume of volumes) assert.equal(volume.split(':')[1], image.env.MILLRACE_STATE_DIR)
  })

  test('has the schema registry that the tests run, which keeps what it has', () => {
    const { image: name, environment, volumes } = services['schema-registry']!
    assert.equal(name, `apicurio/apicurio-registry-mem:${APICURIO_VERSION}`)
    const [, directory] = volumes![0]!.split(':')
    assert.equal(environment!.QUARKUS_DATASOURCE_JDBC_URL, `jdbc:h2:file:${directory}/registry`)
  })

  test('gives workers longer to stop than they take', () => {
    for (const [, { environment, stop_grace_period: grace }] of workers) {
      assert.ok(seconds(grace!) > seconds(environment!.MILLRACE_SHUTDOWN_TIMEOUT!))
    }
  })

  test('has Prometheus scrape each of them, where it listens', () => {
    const [scrape] = readYaml<Scrapes>('deploy/prometheus/prometheus.yml').scrape_configs
    assert.deepEqual(
      scrape!.static_configs.flatMap(({ targets }) => targets),
      workers.map(([name]) => `${name}:${image.ports[0]}`),
    )
    for (const [, { environment }] of workers) {
      assert.equal(scrape!.job_name, environment!.MILLRACE_APPLICATION_ID)
    }
  })

  test('mounts what there is', () => {
    const mounts = Object.values(services).flatMap(({ volumes = [] }) => volumes)
    for (const [source] of mounts.map((mount) => mount.split(':'))) {
      if (source!.startsWith('.')) assert.ok(existsSync(join(PROJECT, source!)), source)
    }
  })

  test('names the versions of what it does not build', () => {
    for (const { image: name, build } of Object.values(services)) {
      if (build === undefined) assert.match(name, /:v?\d+\.\d+\.\d+(\.Final)?$/)
    }
  })
})
