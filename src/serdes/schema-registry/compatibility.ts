/** What a subject asks of its next version, in Confluent's names. */
export const COMPATIBILITIES = [
  'NONE',
  'BACKWARD',
  'BACKWARD_TRANSITIVE',
  'FORWARD',
  'FORWARD_TRANSITIVE',
  'FULL',
  'FULL_TRANSITIVE',
] as const

/**
 * - `BACKWARD`: who has the new schema can read what the last one wrote; consumers are upgraded first.
 * - `FORWARD`: who has the last schema can read what the new one writes; producers are upgraded first.
 * - `FULL`: both. `NONE`: nothing is asked.
 * - `_TRANSITIVE`: with all versions, not the last one only.
 */
export type Compatibility = (typeof COMPATIBILITIES)[number]
