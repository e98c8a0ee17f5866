/** What can become of a schema, in all languages. */
export type SchemaChangeKind =
  | 'language-changed'
  | 'name-changed'
  | 'namespace-changed'
  | 'doc-changed'
  | 'alias-added'
  | 'alias-removed'
  | 'alias-ambiguous'
  | 'order-changed'
  | 'type-added'
  | 'type-removed'
  | 'type-widened'
  | 'type-narrowed'
  | 'type-changed'
  | 'logical-type-changed'
  | 'field-added'
  | 'field-removed'
  | 'field-renamed'
  | 'field-renumbered'
  | 'field-moved'
  | 'cardinality-changed'
  | 'default-added'
  | 'default-removed'
  | 'default-changed'
  | 'enum-symbol-added'
  | 'enum-symbol-removed'
  | 'enum-symbol-changed'
  | 'union-branch-added'
  | 'union-branch-removed'
  | 'required-added'
  | 'required-removed'
  | 'closed'
  | 'opened'
  | 'tightened'
  | 'loosened'
  | 'keyword-changed'

/** One thing that a schema has otherwise than the one before it, and what that does to readers. */
export interface SchemaChange {
  /** Where, for example `Flight.delay`, `Flight.legs[].gate`. */
  readonly path: string
  readonly kind: SchemaChangeKind
  /** What has changed, in a few words: `field added without default`, `int to long`. */
  readonly what: string
  /** Readers of the newer schema read what was written with the older one. */
  readonly backward: boolean
  /** Readers of the older schema read what is written with the newer one. */
  readonly forward: boolean
  /** Why it is safe or not, in a sentence; where both are, what there is to mind. */
  readonly why: string
}

/** A change without its place. */
export type Finding = Omit<SchemaChange, 'path'>

/** What is safe both ways. */
export const harmless = (kind: SchemaChangeKind, what: string, why: string): Finding => ({
  kind,
  what,
  backward: true,
  forward: true,
  why,
})

/** A sentence for each of the four verdicts. */
export interface Reasons {
  readonly both: string
  readonly backward: string
  readonly forward: string
  readonly neither: string
}

export const reasonOf = (backward: boolean, forward: boolean, reasons: Reasons): string =>
  backward ? (forward ? reasons.both : reasons.backward) : forward ? reasons.forward : reasons.neither

/** A change in a place that readers of a schema may not depend on: there it is safe for them. */
export function asFarAsRead(
  found: Finding,
  depends: { readonly backward: boolean; readonly forward: boolean },
): Finding {
  const [backward, forward] = [found.backward || !depends.backward, found.forward || !depends.forward]
  if (backward === found.backward && forward === found.forward) return found
  const who = backward === found.backward ? 'old' : forward === found.forward ? 'new' : 'either'
  return {
    ...found,
    backward,
    forward,
    why: `${found.why}; readers of ${who === 'either' ? '' : 'the '}${who} schema do not need it here, though`,
  }
}
