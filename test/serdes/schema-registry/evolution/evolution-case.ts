/** A change of a schema, and who can still read. */
export interface EvolutionCase {
  readonly name: string
  readonly older: string
  readonly newer: string
  /** Readers of the newer schema read what was written with the older one. */
  readonly backward: boolean
  readonly forward: boolean
  /** What is told: path and kind. */
  readonly changes: readonly string[]
}
