import { setTimeout as delay } from 'node:timers/promises'
import { Interruption } from '../cli/interruption.js'
import { Admin } from '../kafka/admin/admin.js'
import { KafkaJsTransport } from '../kafka/transport/kafkajs-transport.js'
import type { HttpServer } from '../observe/index.js'
import type { KafkaStreams } from '../runtime/kafka-streams.js'
import { loadTopology } from '../runtime/load-topology.js'
import { createTopics } from './application-topics.js'
import { Cluster } from './cluster.js'
import { type Demo, loadDemo } from './demo.js'
import { deleteApplication } from './fresh.js'
import { InputCompletion } from './input-completion.js'
import { openStreams } from './open-streams.js'
import { checkPort, servePage } from './page-server.js'
import { openDisplay } from './progress/open-display.js'
import { Progress } from './progress/progress.js'
import type { ProgressDisplay } from './progress/progress-snapshot.js'
import { reportRestores } from './progress/restore-report.js'
import { openRegistry } from './registry.js'
import { Publishing } from './replay/publishing.js'
import { type ReplayInput, replayInput } from './replay/replay-inputs.js'
import { ResultsWatch } from './results/results-watch.js'
import { DEFAULT_PORT, type StartOptions } from './start-options.js'

const COMPLETION_INTERVAL_MS = 250
const CLOSE_TIMEOUT_MS = 30_000

/** Runs a topology over recorded events until it is interrupted, or with `--exit` until all is processed. */
export const start = async (options: StartOptions): Promise<void> => {
  await checkPort(options.port)
  await using _registry = options.avro ? await openRegistry(options) : undefined
  const demo = await loadDemo(options.topology)
  const input = replayInput(demo.input, demo.inputAs)
  const display = openDisplay(options.progress, demo.results)
  using interruption = new Interruption()
  const publishing = options.worker
    ? undefined
    : new Publishing({ input: demo.input, module: demo.module, speed: options.speed, limit: options.limit })
  try {
    await using cluster = await Cluster.open(options.worker, (text) => display.say(text))
    tellBrokers(cluster, options, display)
    const transport = new KafkaJsTransport({ brokers: cluster.brokers, clientId: 'millrace-cli' })
    try {
      const run = { options, demo, input, display, interruption, publishing, cluster, transport }
      await prepareTopics(run)
      if (!interruption.signal.aborted) await processInput(run)
    } finally {
      await publishing?.stop()
      await transport.close()
    }
  } finally {
    await publishing?.stop()
  }
}

interface Run {
  readonly options: StartOptions
  readonly demo: Demo
  readonly input: ReplayInput
  readonly display: ProgressDisplay
  readonly interruption: Interruption
  readonly publishing: Publishing | undefined
  readonly cluster: Cluster
  readonly transport: KafkaJsTransport
}

const tellBrokers = (cluster: Cluster, { avro }: StartOptions, display: ProgressDisplay): void => {
  const brokers = cluster.brokers.join(',')
  display.say(`Kafka ${cluster.started ? 'started' : 'found'} on ${brokers}`)
  if (cluster.started) {
    display.say(`One more worker: KAFKA_BROKERS=${brokers} npm start --${avro ? ' --avro' : ''} --worker`)
  }
}

const prepareTopics = async ({ options, demo, input, display, transport }: Run): Promise<void> => {
  const admin = new Admin(transport)
  if (options.fresh) await deleteApplication(transport, demo, input, (text) => display.say(text))
  await createTopics(admin, demo, input)
}

const processInput = async (run: Run): Promise<void> => {
  const { options, demo, input, display, interruption, publishing, cluster } = run
  const { brokers } = cluster
  publishing?.begin(brokers)
  const results = new ResultsWatch({ brokers, module: demo.module, partitions: input.partitions })
  const failure = new Failure()
  failure.follow(results.ended)
  if (publishing !== undefined) failure.follow(publishing.ended)
  let streams: KafkaStreams | undefined
  let page: HttpServer | undefined
  const startedAt = performance.now()
  try {
    const observe = (client: KafkaStreams): void => {
      client.on('error', (error) => failure.raise(error))
      reportRestores(client, (text) => display.say(text))
    }
    const opening = openStreams(demo, options, brokers, interruption.signal, observe)
    streams = await unlessInterrupted(opening, interruption)
    if (streams === undefined) return display.say('Stopped before it had started')
    if (options.page) {
      page = await servePage(streams, demo, () => results.shown, options.port)
      display.say(pageLine(page.port, options))
    }
    const progress = new Progress(startedAt, streams, results, publishing, display)
    const ends = [interruption.raised.then(() => false), failure.raised]
    const completed = completion(run, streams)
    failure.follow(completed)
    if (options.exit) ends.push(completed.then(() => true))
    const complete = await Promise.race(ends).finally(() => progress.stop())
    if (!complete) display.say('Stopping ...')
    await page?.close()
    await streams.close({ timeoutMs: CLOSE_TIMEOUT_MS })
    await results.finish()
    progress.show()
    display.finish(progress.summary(complete))
  } finally {
    await page?.close()
    await streams?.close({ timeoutMs: CLOSE_TIMEOUT_MS })
    await results.stop()
  }
}

/** Undefined where what fails does so because it was interrupted. */
const unlessInterrupted = async <T>(
  started: Promise<T>,
  { signal }: Interruption,
): Promise<T | undefined> => {
  try {
    return await started
  } catch (error) {
    if (signal.aborted) return undefined
    throw error
  }
}

const pageLine = (port: number, options: StartOptions): string => {
  const moved = options.port === undefined && port !== DEFAULT_PORT ? ` (port ${DEFAULT_PORT} is taken)` : ''
  return `Watch it at http://127.0.0.1:${port}${moved}`
}

/**
 * Resolves when all input is processed and committed. Where event time comes from watermarks, the end of the input closes
 * the last windows.
 */
const completion = async (
  { options, demo, input, interruption, transport }: Run,
  streams: KafkaStreams,
): Promise<void> => {
  const records = Math.min(options.limit ?? input.count, input.count)
  const topology = await loadTopology(demo.module)
  const seen = new InputCompletion(transport, new Admin(transport), topology, demo.applicationId, {
    topics: input.topics,
    records,
  })
  // Nothing waits for the end of the input, and nothing is closed by it.
  if (!options.exit && !seen.hasWatermarks) return
  const until = async (met: () => Promise<boolean>): Promise<void> => {
    while (!interruption.signal.aborted && !(await met())) await delay(COMPLETION_INTERVAL_MS)
  }
  await until(() => seen.reached())
  if (!options.worker) streams.drain()
  await until(() => seen.drained())
}

/** The first failure of the parts that run beside each other. */
class Failure {
  private reject: (error: Error) => void = () => {}
  readonly raised: Promise<never> = new Promise((_, reject) => {
    this.reject = reject
  })

  constructor() {
    // It may be raised before anybody waits for it.
    this.raised.catch(() => {})
  }

  raise(error: Error): void {
    this.reject(error)
  }

  follow(part: Promise<void>): void {
    part.catch((error: Error) => this.raise(error))
  }
}
