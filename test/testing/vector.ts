import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { bytes } from '../../src/serdes/bytes.js'
import { int64 } from '../../src/serdes/int64.js'
import type { Serde } from '../../src/serdes/serde.js'
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

/** A step of a vector's script: one record. `valueHex` instead of `value`: raw bytes. */
export interface VectorStep extends VectorRecord {
  readonly op: 'pipe'
  readonly topic: string
  readonly valueHex?: string
}

export interface VectorOutput extends VectorRecord {
  /** The step after which it was read. */
  readonly stepIndex: number
}

/** What Kafka Streams gave for one small topology and one script of records. */
export interface Vector {
  readonly name: string
  readonly description: string
  readonly inputTopics: Readonly<Record<string, TopicTypes>>
  readonly outputTopics: Readonly<Record<string, TopicTypes>>
  readonly steps: readonly VectorStep[]
  readonly expected: Readonly<Record<string, readonly VectorOutput[]>>
  readonly stores: Readonly<
    Record<string, { readonly type: string; readonly entries: readonly Record<string, unknown>[] }>
  >
  readonly droppedRecordsTotal: number
  /** The step that fails; the script stops there. */
  readonly expectedError?: { readonly stepIndex: number }
}

/** All vectors, by name. */
export function loadVectors(): readonly Vector[] {
  const folder = join(projectRoot(), 'test', 'vectors')
  return readdirSync(folder)
    .sort()
    .map((file) => JSON.parse(readFileSync(join(folder, file), 'utf8')))
}

/** The folder of package.json: vectors are data, which the compiler does not copy. */
function projectRoot(): string {
  let folder = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(folder, 'package.json'))) folder = dirname(folder)
  return folder
}

/** The serde of a type as vectors name it. */
export function serdeOf(type: string): Serde<unknown> {
  const size = /^timeWindowed\(string,size=(\d+)\)$/.exec(type)?.[1]
  const serdes: Record<string, unknown> = { string: string(), long: int64(), bytes: bytes() }
  const found = size === undefined ? serdes[type] : windowed(string(), { size: Number(size) })
  if (found === undefined) throw new Error(`no serde for ${type}`)
  return found as Serde<unknown>
}
