/**
 * One more worker of `airport-delays`, which its group takes for dead after the shortest session that brokers allow. Run as
 * a process: node airport-worker.js <JSON of an AirportWorker>
 */
import { loadDemo } from '../../src/demo/demo.js'
import { KafkaStreams } from '../../src/index.js'

export interface AirportWorker {
  readonly brokers: readonly string[]
  readonly stateDir: string
}

const { brokers, stateDir } = JSON.parse(process.argv[2]!) as AirportWorker
const { module, applicationId } = await loadDemo('airport-delays')
const streams = await KafkaStreams.fromModule(module, {
  applicationId,
  brokers: [...brokers],
  stateDir,
  sessionTimeout: '6s',
})
await streams.start()
