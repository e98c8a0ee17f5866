import type { Compatibility } from '../compatibility.js'
import type { SchemaChange } from './schema-change.js'

/** Which readers a rule speaks of. */
interface CompatibilityRule {
  /** Those of the new schema are to read what was written before. */
  readonly backward: boolean
  /** Those of schemas before are to read what is written with the new one. */
  readonly forward: boolean
  /** With all versions before, not the last one only. */
  readonly transitive: boolean
}

const compatibilityRule = (compatibility: Compatibility): CompatibilityRule => ({
  backward: compatibility.startsWith('BACKWARD') || compatibility.startsWith('FULL'),
  forward: compatibility.startsWith('FORWARD') || compatibility.startsWith('FULL'),
  transitive: compatibility.endsWith('_TRANSITIVE'),
})

/** The versions, the oldest first, that a rule compares a new one with. */
export function versionsCompared<T>(older: readonly T[], compatibility: Compatibility): readonly T[] {
  if (compatibility === 'NONE') return []
  return compatibilityRule(compatibility).transitive ? older : older.slice(-1)
}

/** Those changes that a rule does not allow. */
export function explain(changes: readonly SchemaChange[], compatibility: Compatibility): SchemaChange[] {
  const rule = compatibilityRule(compatibility)
  return changes.filter(({ backward, forward }) => (rule.backward && !backward) || (rule.forward && !forward))
}

/** A change in a line. */
export const changeInWords = ({ path, what, why }: SchemaChange): string =>
  `${path === '' ? '' : `${path}: `}${what}: ${why}`
