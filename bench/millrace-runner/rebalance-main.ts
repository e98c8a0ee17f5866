import { int64, KafkaStreams, StreamsBuilder, string } from 'millrace'
import type { WorkerArguments, WorkerReport, WorkerRequest } from '../rebalance/rebalance-worker.js'

/** Counts records, and measures how long each partition stands still at most. */
async function run({ brokers, applicationId, inputTopic, outputTopic, stateDir }: WorkerArguments) {
  const stops = new Stops()
  const builder = new StreamsBuilder()
  builder
    .stream(inputTopic, { key: string(), value: string() })
    .peek((key, publishedAt) => stops.record(key![0]!, Number(publishedAt)))
    .groupByKey()
    .count()
    .toStream()
    .to(outputTopic, { value: int64() })
  const streams = new KafkaStreams(builder.build(), {
    applicationId,
    brokers: brokers.split(','),
    stateDir,
    sessionTimeout: '6s',
  })
  const send = (report: WorkerReport): void => void process.send!(report)
  const answer = {
    look: () => send({ running: streams.state === 'running', tasks: streams.metrics().tasks }),
    stops: () => send({ stops: stops.take() }),
    close: () => void streams.close().then(() => process.disconnect()),
  }
  process.on('message', (request: WorkerRequest) => answer[request]())
  await streams.start()
}

/**
 * How long partitions stand still: the time without a record processed in which there was one to be processed. So
 * it does not count when the feed pauses; it does count what the broker takes to pass a record on.
 */
class Stops {
  private readonly lastAt = new Map<string, number>()
  private longest = new Map<string, number>()

  /** @param publishedAt epoch milliseconds */
  record(partition: string, publishedAt: number): void {
    const now = Date.now()
    const stop = now - Math.max(publishedAt, this.lastAt.get(partition) ?? now)
    this.lastAt.set(partition, now)
    if (stop > (this.longest.get(partition) ?? -1)) this.longest.set(partition, stop)
  }

  /** The longest stop of each partition since the last call, in milliseconds. */
  take(): [partition: number, milliseconds: number][] {
    const taken = [...this.longest].map(([partition, stop]): [number, number] => [Number(partition), stop])
    this.longest = new Map()
    return taken
  }
}

process.once('disconnect', () => process.exit())
run(JSON.parse(process.argv[2]!)).catch((error: unknown) => {
  console.error(error)
  process.exit(1)
})
