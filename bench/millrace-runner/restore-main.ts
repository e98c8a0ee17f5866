import { KafkaStreams, StreamsBuilder, string } from 'millrace'
import type { RestoreArguments } from '../restore/restore-run.js'
import { PARTITIONS } from '../workloads.js'
import { report, reportFailure } from './runner-events.js'

/** Restores one store in Millrace, tells when that began and ended, and closes. */
async function run({ brokers, inputTopic, applicationId, stateDir, store }: RestoreArguments): Promise<void> {
  const builder = new StreamsBuilder()
  builder.stream(inputTopic, { key: string(), value: string() }).groupByKey().count({ store })
  const streams = new KafkaStreams(builder.build(), { applicationId, brokers: brokers.split(','), stateDir })
  let begun = Number.POSITIVE_INFINITY
  let records = 0
  const complete = new Promise<void>((resolve, reject) => {
    let partitions = 0
    streams.on('error', reject)
    streams.on('restored', (restored) => {
      begun = Math.min(begun, Date.now() - restored.durationMs)
      records += restored.records
      if (++partitions === PARTITIONS) resolve()
    })
  })
  await streams.start()
  await complete
  report('restoring', 0, { atMs: begun })
  report('restored', records)
  await streams.close()
  report('closed', records)
}

process.stdin.resume().once('end', () => process.exit())
run(JSON.parse(process.argv[2]!)).catch((error: unknown) => {
  reportFailure(error)
  process.exit(1)
})
