/** How the serde is made that gives the values. */
export interface SchemaTypesOptions {
  /** What 64-bit integers are; default `number`. */
  readonly long?: 'number' | 'bigint'
}
