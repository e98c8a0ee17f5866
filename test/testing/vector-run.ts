import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { StreamsBuilder } from '../../src/dsl/streams-builder.js'
import { StreamsError } from '../../src/runtime/streams-error.js'
import type { TestOutputTopic } from '../../src/testing/test-output-topic.js'
import { TopologyTestDriver } from '../../src/testing/topology-test-driver.js'
import { InvalidTimestampError } from '../../src/time/timestamp-policies.js'
import type { Topology } from '../../src/topology/topology.js'
import { type PipeStep, serdeOf, type Vector, type VectorOutput, type VectorStep } from './vector.js'
import { driverOptions } from './vector-config.js'
import { asVector, outputDifference, storeDifference } from './vector-differences.js'
import type { StoreReader } from './vector-stores.js'
import { vectorTopologies } from './vector-topologies/index.js'

/** What a vector's script needs of the driver of a topology. */
export type VectorDriver = Pick<
  TopologyTestDriver,
  'createInputTopic' | 'createOutputTopic' | 'advanceWallClock' | 'settle' | keyof StoreReader
>

/** Where the state of a run lies. What comes out must not depend on it. */
const BACKENDS: Readonly<Record<string, (vector: Vector) => Promise<string | undefined>>> = {
  memory: inMemory,
  'classic-level': onDisk,
}

/**
 * Runs a vector with every backend of state.
 *
 * @returns the first difference from what the vector expects; undefined where there is none
 */
export async function firstDifference(vector: Vector): Promise<string | undefined> {
  for (const [backend, run] of Object.entries(BACKENDS)) {
    const difference = await run(vector)
    if (difference !== undefined) return `${backend}: ${difference}`
  }
  return undefined
}

/** @throws {Error} if the catalogue has no such topology */
export function topologyOf({ topology, config }: Vector): Topology {
  const build = vectorTopologies[topology]
  if (build === undefined) throw new Error(`unknown topology ${topology}`)
  const builder = new StreamsBuilder()
  build(builder)
  return builder.build({ optimization: config['topology.optimization'] === 'all' ? 'all' : 'none' })
}

async function inMemory(vector: Vector): Promise<string | undefined> {
  using driver = new TopologyTestDriver(topologyOf(vector), driverOptions(vector))
  return differenceWith(driver, vector)
}

async function onDisk(vector: Vector): Promise<string | undefined> {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-vector-'))
  try {
    await using driver = await TopologyTestDriver.onDisk(topologyOf(vector), directory, driverOptions(vector))
    return await differenceWith(driver, vector)
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** Runs a vector's script. @returns the first difference from what it expects; undefined where there is none */
export async function differenceWith(driver: VectorDriver, vector: Vector): Promise<string | undefined> {
  const outputs: Record<string, VectorOutput[]> = {}
  const topics = Object.entries(vector.outputTopics).map(([topic, { key, value }]) => {
    outputs[topic] = []
    return driver.createOutputTopic(topic, { key: serdeOf(key), value: serdeOf(value) })
  })
  for (const [index, step] of vector.steps.entries()) {
    const failure = failureOf(() => run(driver, vector, step))
    if (failure === undefined) await driver.settle()
    for (const topic of topics) outputs[topic.name]!.push(...readStep(topic, index))
    const fails = index === vector.expectedError?.stepIndex
    if (failure !== undefined && !fails) return withStack(`step ${index} fails`, failure)
    if (failure === undefined && fails) return `step ${index} does not fail`
    if (failure !== undefined) break
  }
  return outputDifference(outputs, vector.expected) ?? storeDifference(driver, vector)
}

const withStack = (what: string, failure: Error): string => `${what}: ${failure.stack ?? failure.message}`

/** A failure of the topology; others are the test's own. */
function failureOf(action: () => void): Error | undefined {
  try {
    action()
    return undefined
  } catch (error) {
    if (error instanceof StreamsError || error instanceof InvalidTimestampError) return error
    throw error
  }
}

function run(driver: VectorDriver, vector: Vector, step: VectorStep): void {
  if (step.op === 'pipe') pipe(driver, vector, step)
  else if (step.op === 'advanceWallClock') driver.advanceWallClock(step.ms)
  else throw new Error(`unknown step ${JSON.stringify(step)}`)
}

function pipe(driver: VectorDriver, vector: Vector, step: PipeStep): void {
  const { key, value } = vector.inputTopics[step.topic]!
  const raw = step.valueHex !== undefined
  const serdes = { key: serdeOf(key), value: serdeOf(raw ? 'bytes' : value) }
  const input = driver.createInputTopic(step.topic, serdes)
  const headers = step.headers?.map(([name, text]) => ({ key: name, value: Buffer.from(text) }))
  input.pipe(step.key, raw ? Buffer.from(step.valueHex!, 'hex') : step.value, {
    timestamp: step.ts,
    ...(headers && { headers }),
  })
}

const readStep = (topic: TestOutputTopic<unknown, unknown>, index: number): VectorOutput[] =>
  topic.readAll().map((record) => asVector(record, index))
