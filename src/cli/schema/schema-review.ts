import type { Compatibility } from '../../serdes/schema-registry/compatibility.js'
import { diffSchemas } from '../../serdes/schema-registry/evolution/diff-schemas.js'
import { explain, versionsCompared } from '../../serdes/schema-registry/evolution/explain.js'
import type { SchemaChange } from '../../serdes/schema-registry/evolution/schema-change.js'
import type { SchemaRegistry } from '../../serdes/schema-registry/schema-registry.js'
import type { SchemaId } from '../../serdes/schema-registry/schema-text.js'
import { resolved } from './resolved.js'
import type { SubjectSchema } from './schema-inputs.js'

/** What has changed since a version of a subject. */
export interface VersionComparison {
  readonly version: number
  readonly changes: readonly ReviewedChange[]
}

/** A change, and whether the subject's compatibility forbids it as we understand it. */
export interface ReviewedChange extends SchemaChange {
  readonly breaks: boolean
}

/** What a registry says of a schema, and what we say to that. */
export interface SchemaReview {
  readonly subject: string
  /**
   * - `registered`: it is a version already.
   * - `new`: the subject has no version yet.
   * - `compatible`, `refused`: as the registry has it.
   */
  readonly status: 'registered' | 'new' | 'compatible' | 'refused'
  readonly compatibility: Compatibility
  /** Where it is registered. */
  readonly id?: SchemaId
  readonly version?: number
  /** With the versions that the compatibility speaks of, the newest first. */
  readonly comparisons: readonly VersionComparison[]
  /** Why it is refused, in the registry's words. */
  readonly messages: readonly string[]
  /** What there is to mind. */
  readonly warnings: readonly string[]
}

/** Asks the registry of a schema, and explains what it says. */
export async function reviewSchema(
  registry: SchemaRegistry,
  { subject, schema, isKey }: SubjectSchema,
): Promise<SchemaReview> {
  const versions = await registry.versions(subject)
  const compatibility = await registry.compatibility(subject)
  const id = await registry.lookup(subject, schema)
  if (id !== undefined) {
    const version = versions.findLast((each) => each.id === id)?.version
    const where = version === undefined ? {} : { version }
    return { subject, status: 'registered', compatibility, id, ...where, ...NOTHING_TO_SAY }
  }
  if (versions.length === 0) return { subject, status: 'new', compatibility, ...NOTHING_TO_SAY }
  const { compatible, messages } = await registry.check(subject, schema)
  const newer = await resolved(registry, schema)
  const comparisons: VersionComparison[] = []
  // Where nothing is asked there is still something to see.
  for (const each of compatibility === 'NONE'
    ? versions.slice(-1)
    : versionsCompared(versions, compatibility)) {
    const changes = diffSchemas(await resolved(registry, each), newer)
    const breaking = explain(changes, compatibility)
    comparisons.unshift({
      version: each.version,
      changes: changes.map((change) => ({ ...change, breaks: breaking.includes(change) })),
    })
  }
  const status = compatible ? 'compatible' : 'refused'
  const warnings = [...disagreement(compatible, comparisons, messages), ...(isKey ? [KEY_WARNING] : [])]
  return { subject, status, compatibility, comparisons, messages, warnings }
}

const NOTHING_TO_SAY = { comparisons: [], messages: [], warnings: [] } as const

const KEY_WARNING =
  'it is a key: with another schema a key is other bytes, so that it goes to another partition, and stores have another row for it'

/** The registry decides; where we would not have decided so, it is said. */
function disagreement(
  compatible: boolean,
  comparisons: readonly VersionComparison[],
  messages: readonly string[],
): string[] {
  const breaks = comparisons.some(({ changes }) => changes.some((change) => change.breaks))
  if (compatible && breaks)
    return ['the registry takes it, but some readers cannot read all: see the changes that break']
  if (compatible || breaks) return []
  const said = messages.length === 0 ? 'it does not say why' : messages.join('; ')
  return [`the registry refuses it, and no change that we know of explains that: ${said}`]
}
