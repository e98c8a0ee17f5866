import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { freePort } from '../../../src/testing/local-server/free-port.js'
import { until } from '../until.js'
import { PROJECT, readYaml } from './deploy-files.js'
import { missingTool } from './tool.js'

/** A series of an answer, with its samples as texts: a number, or NaN. */
export interface Series {
  readonly metric: Readonly<Record<string, string>>
  readonly values: readonly (readonly [time: number, value: string])[]
}

export interface RuleState {
  readonly name: string
  readonly health: string
  readonly lastError?: string
  readonly state: 'inactive' | 'pending' | 'firing'
}

interface Configuration {
  readonly scrape_configs: readonly {
    readonly job_name: string
    readonly static_configs: readonly unknown[]
  }[]
}

const SCRAPE_INTERVAL = '1s'

/** A real Prometheus with the alerts of deploy/, that scrapes workers of this machine. */
export class PrometheusServer implements AsyncDisposable {
  private log = ''
  private readonly process: ChildProcess

  private constructor(
    private readonly directory: string,
    private readonly port: number,
  ) {
    this.process = spawn('prometheus', [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ])
    this.process.stderr!.on('data', (chunk: Buffer) => {
      this.log += chunk.toString()
    })
  }

  /** @param targets the addresses of workers, in place of those of deploy/prometheus/prometheus.yml */
  static async start(targets: readonly string[]): Promise<PrometheusServer> {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-prometheus-'))
    const configuration = readYaml<Configuration>('deploy/prometheus/prometheus.yml')
    const [scrape] = configuration.scrape_configs
    const ours = {
      global: { scrape_interval: SCRAPE_INTERVAL, evaluation_interval: SCRAPE_INTERVAL },
      rule_files: [join(PROJECT, 'deploy/prometheus/alerts.yml')],
      scrape_configs: [{ ...scrape, static_configs: [{ targets }] }],
    }
    await writeFile(join(directory, 'prometheus.yml'), stringify(ours))
    const server = new PrometheusServer(directory, await freePort())
    await Promise.race([
      until('Prometheus is ready', () => server.ready()),
      once(server.process, 'exit').then(() => {
        throw new Error(`Prometheus did not start:\n${server.log}`)
      }),
      once(server.process, 'error').then(([cause]) => {
        throw missingTool('prometheus', cause)
      }),
    ])
    return server
  }

  private async ready(): Promise<boolean> {
    return fetch(`${this.url}/-/ready`).then(
      ({ ok }) => ok,
      () => false,
    )
  }

  private get url(): string {
    return `http://127.0.0.1:${this.port}`
  }

  /** What an expression gives now. */
  async query(expression: string): Promise<readonly Series[]> {
    const { result } = await this.ask<{ result: { metric: Series['metric']; value: [number, string] }[] }>(
      'query',
      { query: expression },
    )
    return result.map(({ metric, value }) => ({ metric, values: [value] }))
  }

  /** What an expression gave at each second between two times, in seconds since the epoch. */
  async queryRange(expression: string, start: number, end: number): Promise<readonly Series[]> {
    const parameters = { query: expression, start: String(start), end: String(end), step: '1' }
    return (await this.ask<{ result: Series[] }>('query_range', parameters)).result
  }

  async rules(): Promise<readonly RuleState[]> {
    const { groups } = await this.ask<{ groups: { rules: RuleState[] }[] }>('rules', {})
    return groups.flatMap(({ rules }) => rules)
  }

  private async ask<T>(what: string, parameters: Readonly<Record<string, string>>): Promise<T> {
    const response = await fetch(`${this.url}/api/v1/${what}?${new URLSearchParams(parameters)}`)
    const answer = (await response.json()) as { status: string; error?: string; data: T }
    if (answer.status === 'success') return answer.data
    throw new Error(`Prometheus does not take '${parameters.query}': ${answer.error}`)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.process, 'exit')
    if (this.process.exitCode === null && this.process.kill('SIGTERM')) await ended
    await rm(this.directory, { recursive: true, force: true })
  }
}
