import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bytes } from '../../src/serdes/bytes.js'
import { int64 } from '../../src/serdes/int64.js'
import type { Serde } from '../../src/serdes/serde.js'
import { sessionWindowed } from '../../src/serdes/session-windowed.js'
import { string } from '../../src/serdes/string.js'
import { windowed } from '../../src/serdes/windowed.js'

interface VectorRecord {
  readonly key: unknown
  readonly value: unknown
  readonly ts: number
  readonly headers?: readonly (readonly [key: string, value: string])[]
}

interface TopicTypes {
  readonly key: string
  readonly value: string
}

/** A record that goes in. `valueHex` instead of `value`: raw bytes. */
export interface PipeStep extends VectorRecord {
  readonly op: 'pipe'
  readonly topic: string
  readonly valueHex?: string
}

/** The wall clock moves on. */
export interface AdvanceWallClockStep {
  readonly op: 'advanceWallClock'
  readonly ms: number
}

/** A step of a vector's script. */
export type VectorStep = PipeStep | AdvanceWallClockStep

export interface VectorOutput extends VectorRecord {
  /** The step after which it was read. */
  readonly stepIndex: number
}

/** The content of a store after the last step. */
export interface VectorStore {
  readonly type: string
  readonly entries?: readonly Readonly<Record<string, unknown>>[]
  /** Of versioned stores, instead of entries. */
  readonly queries?: readonly Readonly<Record<string, unknown>>[]
}

/** What Kafka Streams gave for one small topology and one script of records. What is optional may be missing. */
export interface Vector {
  readonly name: string
  readonly topology: string
  readonly area?: string
  readonly config: Readonly<Record<string, unknown>>
  readonly initialWallClockMs?: number
  readonly inputTopics: Readonly<Record<string, TopicTypes>>
  readonly outputTopics: Readonly<Record<string, TopicTypes>>
  readonly steps: readonly VectorStep[]
  readonly expected: Readonly<Record<string, readonly VectorOutput[]>>
  readonly stores: Readonly<Record<string, VectorStore>>
  /** The step that fails; the script stops there. */
  readonly expectedError?: { readonly stepIndex: number }
  /** As Kafka Streams prints the topology. */
  readonly topologyDescribe?: string
}

/** An answer of ours where that of Kafka Streams loses results, fails, or says "final" twice. */
export interface OwnAnswer {
  readonly reason: string
  readonly expected: Vector['expected']
}

/** Where the vectors are that belong to the project. */
export const vectorFolder = (): string => join(projectRoot(), 'test', 'vectors')

/** The names of all vectors in a folder, without `.json`. */
export const vectorNames = (folder: string): readonly string[] =>
  readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .sort()

/** The vector in a file of a folder, with our own answer where there is one to the same script. */
export function loadVector(folder: string, file: string): Vector {
  const vector = readJson<Vector>(join(folder, `${file}.json`))
  const own = join(vectorFolder(), 'ours', `${vector.name}.json`)
  if (!existsSync(own)) return vector
  const answered = readJson<Vector>(join(vectorFolder(), `${vector.name}.json`))
  if (JSON.stringify(answered.steps) !== JSON.stringify(vector.steps)) return vector
  const { expectedError: _, ...script } = vector
  return { ...script, expected: readJson<OwnAnswer>(own).expected }
}

const readJson = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T

/** The folder of package.json: vectors are data, which the compiler does not copy. */
function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}

/** The serde of a type as vectors name it. */
export function serdeOf(type: string): Serde<unknown> {
  const size = /^timeWindowed\(string,size=(\d+)\)$/.exec(type)?.[1]
  const serdes: Record<string, unknown> = {
    string: string(),
    long: int64(),
    bytes: bytes(),
    'sessionWindowed(string)': sessionWindowed(string()),
  }
  const found = size === undefined ? serdes[type] : windowed(string(), { size: Number(size) })
  if (found === undefined) throw new Error(`no serde for ${type}`)
  return found as Serde<unknown>
}
