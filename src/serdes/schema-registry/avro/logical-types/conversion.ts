import type { ValueKind } from '../value-kind.js'

/** How values of a logical type look, made of those of the type under it. */
export interface Conversion {
  /** What unions tell its values by; undefined: they may be anything. */
  readonly kind: ValueKind | undefined
  fromRaw(raw: unknown): unknown
  toRaw(value: unknown): unknown
}
