import { existsSync } from 'node:fs'
import { diffSchemas } from '../../serdes/schema-registry/evolution/diff-schemas.js'
import { SchemaNotFoundError } from '../../serdes/schema-registry/registry-errors.js'
import type { SchemaRegistry } from '../../serdes/schema-registry/schema-registry.js'
import type { SchemaText, SchemaVersion } from '../../serdes/schema-registry/schema-text.js'
import { ExitCode } from '../exit-code.js'
import { print } from '../print.js'
import { UsageError } from '../usage-error.js'
import { atHand } from './resolved.js'
import { diffText } from './review-text.js'
import type { SchemaAt } from './schema-at.js'
import { isSchemaFile, schemaFile } from './schema-files.js'
import { subjectVersion, versionOf } from './subject-version.js'

/** One of the two schemas. */
interface Side {
  readonly name: string
  readonly schema: SchemaText
}

/** `millrace schema diff`. @returns the exit code */
export async function diff(at: SchemaAt): Promise<number> {
  const [older, newer] = await sidesOf(at)
  const changes = diffSchemas(
    await atHand(at.registry, older.schema),
    await atHand(at.registry, newer.schema),
  )
  const { json } = at.line
  const result = { from: older.name, to: newer.name, changes }
  await print(json ? `${JSON.stringify(result, null, 2)}\n` : diffText(older.name, newer.name, changes))
  return ExitCode.OK
}

async function sidesOf({ line, registry }: SchemaAt): Promise<[older: Side, newer: Side]> {
  const [first, second, ...others] = line.operands
  if (first === undefined || others.length > 0)
    throw new UsageError('millrace schema diff SUBJECT[@VERSION] [FILE | @VERSION], or FILE FILE')
  const fileSide = (file: string): Side => ({ name: file, schema: schemaFile(file, line) })
  if (isSchemaFile(first) && existsSync(first)) {
    if (second === undefined) throw new UsageError(`millrace schema diff ${first}: to which file?`)
    return [fileSide(first), fileSide(second)]
  }
  const { subject, version } = subjectVersion(first)
  if (second?.startsWith('@')) {
    const from = await versionOf(registry(), subject, version ?? 'latest')
    return [
      sideOf(from),
      sideOf(await versionOf(registry(), subject, subjectVersion(`${subject}${second}`).version!)),
    ]
  }
  if (second !== undefined) {
    return [sideOf(await versionOf(registry(), subject, version ?? 'latest')), fileSide(second)]
  }
  return lastTwo(registry(), subject, version)
}

/** A version and the one before. */
async function lastTwo(
  registry: SchemaRegistry,
  subject: string,
  version: number | 'latest' | undefined,
): Promise<[Side, Side]> {
  const newer = await versionOf(registry, subject, version ?? 'latest')
  const before = (await registry.versions(subject)).findLast((each) => each.version < newer.version)
  if (before !== undefined) return [sideOf(before), sideOf(newer)]
  throw new SchemaNotFoundError(registry.name, `version of subject ${subject} before ${newer.version}`)
}

const sideOf = (version: SchemaVersion): Side => ({
  name: `${version.subject}@${version.version}`,
  schema: version,
})
