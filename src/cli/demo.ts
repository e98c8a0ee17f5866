import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { packageRoot } from '../testing/kafka-broker/package-file.js'
import { UsageError } from './usage-error.js'

/** How the values of a column's windows become one figure of a row. */
export type Combine = 'sum' | 'max' | 'mean'

export interface ResultColumn {
  readonly title: string
  /** Field of the result's value. */
  readonly field: string
  readonly combine: Combine
  /** For `mean`: the field that says how much a window counts. */
  readonly weight?: string
}

/** What is shown of a topic of windowed results, whose values are JSON objects. */
export interface ResultsDescription {
  readonly topic: string
  readonly title: string
  /** Field that names a row. */
  readonly row: string
  /** Field with the start of the window, epoch milliseconds. */
  readonly windowStart: string
  /** How many hours of windows, up to its newest, a row combines. */
  readonly lastHours: number
  /** Rows are ordered by the first, greatest first. */
  readonly columns: readonly ResultColumn[]
}

/** What a module of `topologies/` exports as `demo`. */
export interface DemoDescription {
  readonly applicationId: string
  /** Name of the recorded events that it reads. */
  readonly input: string
  readonly results: ResultsDescription
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
