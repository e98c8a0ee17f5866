import { SchemaNotFoundError } from '../../serdes/schema-registry/registry-errors.js'
import type { SchemaRegistry } from '../../serdes/schema-registry/schema-registry.js'
import type { SchemaVersion } from '../../serdes/schema-registry/schema-text.js'

export interface SubjectVersion {
  readonly subject: string
  /** Undefined: not said. */
  readonly version: number | 'latest' | undefined
}

/** `SUBJECT`, `SUBJECT@VERSION`, `SUBJECT@latest` */
export function subjectVersion(written: string): SubjectVersion {
  const [, subject, version] = /^(.+)@([1-9]\d*|latest)$/.exec(written) ?? []
  if (subject === undefined) return { subject: written, version: undefined }
  return { subject, version: version === 'latest' ? version : Number(version) }
}

/** @throws {SchemaNotFoundError} */
export async function versionOf(
  registry: SchemaRegistry,
  subject: string,
  version: number | 'latest',
): Promise<SchemaVersion> {
  const found = await registry.version(subject, version)
  if (found !== undefined) return found
  const which = version === 'latest' ? `subject ${subject}` : `version ${version} of subject ${subject}`
  throw new SchemaNotFoundError(registry.name, which)
}
