import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BenchCluster } from './bench-cluster.js'
import { PARTITIONS } from './workloads.js'

/** An application that lives for one run. */
export interface BenchApplication {
  readonly applicationId: string
  readonly outputTopic: string
  readonly stateDir: string
}

let started = 0

/** Does work with an application, an output topic and a state directory of its own, which are gone afterwards. */
export async function withApplication<T>(
  cluster: BenchCluster,
  name: string,
  work: (application: BenchApplication) => Promise<T>,
  partitions = PARTITIONS,
): Promise<T> {
  const applicationId = `bench-${name}-${++started}`
  const outputTopic = `${applicationId}-output`
  const stateDir = await mkdtemp(join(tmpdir(), `millrace-${applicationId}-`))
  try {
    await cluster.createTopic(outputTopic, {}, partitions)
    const result = await work({ applicationId, outputTopic, stateDir })
    await cluster.deleteTopicsOf(applicationId)
    return result
  } finally {
    await rm(stateDir, { recursive: true, force: true })
  }
}
