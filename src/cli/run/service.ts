import { once } from 'node:events'
import type { Logger } from 'pino'
import { feedRoutes } from '../../observe/feed/feed-routes.js'
import { bearerToken } from '../../observe/http/bearer-token.js'
import { healthRoutes } from '../../observe/http/health-routes.js'
import { type HttpServer, httpServer } from '../../observe/http/http-server.js'
import { metricsRoute } from '../../observe/http/metrics-route.js'
import type { Route } from '../../observe/http/route.js'
import { topologyRoute } from '../../observe/http/topology-route.js'
import { prometheusMetrics } from '../../observe/metrics/prometheus-metrics.js'
import type { KafkaStreams } from '../../runtime/kafka-streams.js'
import { ApplicationStoppedError } from '../../runtime/uncaught-exception-handler.js'
import { userError } from '../../runtime/user-error.js'
import type { Configuration } from '../config/configuration.js'
import { ExitCode } from '../exit-code.js'
import type { Interruption } from '../interruption.js'
import type { ClientLog } from '../log/client-log.js'

/** What a service is made of. */
export interface ServiceParts {
  readonly streams: KafkaStreams
  readonly configuration: Configuration
  readonly interruption: Interruption
  readonly logger: Logger
  readonly log: ClientLog
}

/** A client that runs until it is told to stop, or fails; with a server that tells how it fares. */
export class Service {
  private hasFailed = false

  constructor(private readonly parts: ServiceParts) {}

  /** @returns the exit code */
  async run(): Promise<number> {
    const { log, interruption } = this.parts
    let server: HttpServer | undefined
    try {
      server = await this.listen()
      return interruption.signal.aborted ? ExitCode.OK : await this.runClient()
    } catch (error) {
      log.failed('fatal', 'not-started', userError(error))
      return ExitCode.NOT_STARTED
    } finally {
      await server?.close()
    }
  }

  private async listen(): Promise<HttpServer> {
    const { configuration, log, logger } = this.parts
    const token = configuration.value('http.token')
    const server = await httpServer({
      host: configuration.value('http.host'),
      port: configuration.value('http.port'),
      routes: this.routes(),
      ...(token === undefined ? {} : { authorize: bearerToken(token) }),
      onError: (error) => log.failed('error', 'http', userError(error)),
    })
    logger.info({ event: 'listening', host: server.host, port: server.port }, `listening on ${server.url}`)
    return server
  }

  private routes(): readonly Route[] {
    const { streams, configuration } = this.parts
    const registry = prometheusMetrics(streams)
    const served = configuration.value('feed.stores')?.map((store) => [store, {}] as const)
    return [
      metricsRoute(registry),
      ...(served === undefined ? [] : feedRoutes(streams, { stores: Object.fromEntries(served), registry })),
      ...healthRoutes(streams, { stalledAfter: configuration.value('health.stalledAfter') }),
      topologyRoute(streams),
    ]
  }

  /** Runs the client until it ends. @throws what kept it from starting */
  private async runClient(): Promise<number> {
    const { streams, interruption } = this.parts
    const ended = Promise.race([
      once(streams, 'error').then(([error]) => this.failed(error as Error)),
      interruption.raised.then(() => this.stop()),
    ])
    try {
      await streams.start()
    } catch (error) {
      // What ends it in the midst of its start is told by that.
      if (!interruption.signal.aborted && !this.hasFailed) throw error
    }
    return ended
  }

  private async failed(error: Error): Promise<number> {
    const { streams, log } = this.parts
    this.hasFailed = true
    log.failed('fatal', 'failed', error)
    // It closes already.
    await streams.close()
    return error instanceof ApplicationStoppedError ? ExitCode.APPLICATION_STOPPED : ExitCode.FAILED
  }

  /** Stops intake, commits, leaves the group. */
  private async stop(): Promise<number> {
    const { streams, configuration, interruption, log, logger } = this.parts
    const { reason: signal } = interruption.signal
    logger.info({ event: 'stopping', signal }, `${signal}: stopping`)
    try {
      await streams.close({ timeoutMs: configuration.value('shutdownTimeout') })
    } catch (error) {
      log.failed('error', 'not-committed', userError(error))
      return ExitCode.NOT_COMMITTED
    }
    if (streams.state === 'error') return ExitCode.FAILED
    const { recordsProcessed, commits } = streams.metrics()
    logger.info({ event: 'stopped', recordsProcessed, commits }, 'stopped, everything is committed')
    return ExitCode.OK
  }
}
