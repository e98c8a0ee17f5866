import { partitionFor } from '../../src/kafka/records/partitioner.js'
import { NO_HEADERS, type RecordHeaders } from '../../src/serdes/record-headers.js'
import { withApplication } from '../bench-application.js'
import type { BenchCluster } from '../bench-cluster.js'
import { type FilledRecord, fillTopic } from '../fill-topic.js'
import { measureRun, type RunMeasurement } from '../measured-run.js'
import { millraceCommand } from '../millrace-command.js'
import type { RunnerArguments } from '../runner-protocol.js'
import { eventAt, scramble } from '../workloads.js'
import type { ScalingCase, Shape } from './scaling-cases.js'

const CHUNK_BYTES = 32_000_000
const MOST_IN_CHUNK = 50_000
const HEADER_VALUE = Buffer.from('0123456789abcdef')

const RUNNER = millraceCommand()

/** Drains a topic of the case's shape with the workload `count`, exactly once, with default options. */
export function measureCase(
  cluster: BenchCluster,
  brokerPid: number,
  { axis, shape, records }: ScalingCase,
  signal: AbortSignal,
): Promise<RunMeasurement> {
  const work = async (application: { applicationId: string; outputTopic: string; stateDir: string }) => {
    const inputTopic = `${application.applicationId}-input`
    await cluster.createTopic(inputTopic, {}, shape.partitions)
    const chunk = Math.min(MOST_IN_CHUNK, Math.ceil(CHUNK_BYTES / shape.valueBytes))
    await fillTopic(cluster.transport, inputTopic, records, recordsOf(shape), signal, chunk)
    const argument: RunnerArguments = {
      ...application,
      workload: 'count',
      guarantee: 'exactly_once',
      brokers: cluster.brokers.join(','),
      inputTopic,
      records,
      cacheMaxBytes: null,
      commitIntervalMs: null,
    }
    return measureRun(cluster, brokerPid, RUNNER, argument, signal)
  }
  return withApplication(cluster, `scaling-${axis.toLowerCase()}`, work, shape.partitions)
}

/** Events like those of the workloads, of any size, with keys and headers as the shape has them. */
export function recordsOf({ keys, valueBytes, partitions, headers }: Shape): (index: number) => FilledRecord {
  const shared: RecordHeaders =
    headers === 0
      ? NO_HEADERS
      : Array.from({ length: headers }, (_, index) => ({ key: `header-${index}`, value: HEADER_VALUE }))
  return (index) => {
    const user = `user-${String(scramble(index, 1) % keys).padStart(7, '0')}`
    const bare = JSON.stringify({ ...eventAt(index), user, pad: '' })
    const pad = 'x'.repeat(Math.max(0, valueBytes - bare.length))
    const key = Buffer.from(user)
    const value = Buffer.from(`${bare.slice(0, -2)}${pad}"}`)
    const partition = partitionFor(key, 0, key.length, partitions)
    return { partition, timestamp: index, key, value, headers: shared }
  }
}
