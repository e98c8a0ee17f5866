import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { UsageError } from '../cli/usage-error.js'
import type { ResultFields, ResultsDescription } from '../observe/dashboard/results/results-description.js'
import type { Serde } from '../serdes/serde.js'
import { packageRoot } from '../testing/local-server/package-file.js'
import type { SampleRecord } from './replay/sample-records.js'

/** The topic with the results, and how to read it. */
// biome-ignore lint/suspicious/noExplicitAny: what a module describes is of its own types.
export interface ResultsTopic<K = any, V = any> {
  readonly topic: string
  /** Whether Kafka may forget all but the last result of a key. Default: false. */
  readonly compacted?: boolean
  readonly key: Serde<K>
  readonly value: Serde<V>
  /** What a record of it says. */
  fields(key: K, value: V): ResultFields
}

/** The store whose rows are the results, as they are when they are committed. */
export interface ResultsFeed {
  readonly store: string
  /** The fields of a row beside its name and the start of its window; default: the value. */
  show?(value: unknown, key: unknown): ResultFields
}

/** How recorded events are published where it is not as JSON, in the topic of their name. */
export interface InputEncoding<V = unknown> {
  readonly topic: string
  readonly value: Serde<V>
}

/** What a module of `topologies/` exports as `demo`. */
export interface DemoDescription {
  readonly applicationId: string
  /** What is published: the name of recorded events, or a few records. */
  readonly input: string | readonly SampleRecord[]
  /** Absent: as JSON, in the topic of the events' name. */
  readonly inputAs?: InputEncoding
  readonly results: ResultsDescription & ResultsTopic
  /** Absent: no store has what the results say. The page then shows what the topic says, once a second. */
  readonly feed?: ResultsFeed
  /** Topics that it writes beside, with as many partitions. */
  readonly otherOutputs?: readonly string[]
}

/** A topology that can be started. */
export interface Demo extends DemoDescription {
  /** URL of its module. */
  readonly module: string
}

const directory = (): string => join(packageRoot(), 'dist', 'topologies')

const available = (): string[] =>
  readdirSync(directory())
    .filter((file) => file.endsWith('.js'))
    .map((file) => file.slice(0, -'.js'.length))
    .sort()

/**
 * Loads what a topology says of itself.
 *
 * @throws UsageError naming the topologies that there are
 */
export const loadDemo = async (name: string): Promise<Demo> => {
  const file = join(directory(), `${name}.js`)
  if (!/^[\w-]+$/.test(name) || !existsSync(file)) {
    throw new UsageError(`there is no topology ${name}; topologies/ has ${available().join(', ')}`)
  }
  const module = pathToFileURL(file).href
  const { demo } = (await import(module)) as { demo?: DemoDescription }
  if (demo === undefined) {
    throw new UsageError(`topologies/${name}.ts does not export demo, which says what to publish and to show`)
  }
  return { ...demo, module }
}
