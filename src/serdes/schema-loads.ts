/** What there was to fetch of a schema registry, since the process or its worker thread began. */
export interface SchemaLoads {
  /** Name of the registry, for example `schema registry http://localhost:8081`. */
  readonly registry: string
  /** How often an id was asked for that was not known. */
  readonly misses: number
  /** Schemas that were fetched by their ids. */
  readonly fetched: number
  /** Ids that the registry has no schema with, or none that can be used. */
  readonly notFound: number
  /** Answers that asking again may help with. */
  readonly failures: number
  /** How long the registry has not answered, in milliseconds; undefined while it does. */
  readonly outageMs: number | undefined
  /** Schemas that are being fetched. */
  readonly pending: number
}
