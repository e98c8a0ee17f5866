import type { MaybePromise } from '../settle.js'
import type { Compatibility } from './compatibility.js'
import type { SchemaId, SchemaText, SchemaVersion } from './schema-text.js'
import type { WireFormat } from './wire-format.js'

/** What a registry says of a schema that is to become the next version of a subject. */
export interface CompatibilityAnswer {
  readonly compatible: boolean
  /** Why not, in the registry's words; may be empty. */
  readonly messages: readonly string[]
}

/**
 * A place where schemas are kept under subjects, version by version, and found by an id that stands in every record.
 * One that answers at once (`InMemorySchemaRegistry`) serves TopologyTestDriver too.
 *
 * All methods throw {@link RegistryUnavailableError} where asking again can help, {@link RegistryAccessError} where
 * credentials are missing or refused, {@link RegistryAnswerError} where the answer is not that of a registry.
 *
 * A registry of another kind is another implementation. One for AWS Glue has `glueWireFormat`; its ids are the UUIDs
 * of schema versions. `schema` is GetSchemaVersion by that id; a subject is a schema of one registry of Glue by its
 * name, `version` is GetSchemaVersion by name and number, `versions` is ListSchemaVersions; `lookup` is
 * GetSchemaByDefinition, `register` is CreateSchema or RegisterSchemaVersion and waits until the version is AVAILABLE
 * (FAILURE: {@link IncompatibleSchemaError}); the levels are BACKWARD and BACKWARD_ALL, which is BACKWARD_TRANSITIVE,
 * and so on, set by UpdateSchema; `check` has CheckSchemaVersionValidity only and leaves the rest to the checker of
 * this package; there are no references.
 */
export interface SchemaRegistry {
  /** For errors and logs, for example `schema registry http://localhost:8081`; without credentials. */
  readonly name: string
  readonly wireFormat: WireFormat
  /** @throws {SchemaNotFoundError} if there is none with the id */
  schema(id: SchemaId): MaybePromise<SchemaText>
  /** Undefined: there is no such subject or version. */
  version(subject: string, version: number | 'latest'): MaybePromise<SchemaVersion | undefined>
  /** All versions, the oldest first; none where there is no such subject. */
  versions(subject: string): MaybePromise<readonly SchemaVersion[]>
  /** The id of a schema that is a version of the subject; undefined where it is none. */
  lookup(subject: string, schema: SchemaText): MaybePromise<SchemaId | undefined>
  /**
   * Makes a schema a version of the subject, where it is none yet.
   *
   * @throws {IncompatibleSchemaError} if the subject's compatibility does not allow it
   * @throws {InvalidSchemaError} if the registry does not understand it
   */
  register(subject: string, schema: SchemaText): MaybePromise<SchemaId>
  /** What the subject asks of a next version; what holds for all subjects where it has no rule of its own. */
  compatibility(subject: string): MaybePromise<Compatibility>
  /** Sets what a subject asks of a next version. */
  setCompatibility(subject: string, compatibility: Compatibility): MaybePromise<void>
  /** Whether a schema could be the next version of the subject, with all versions where the rule is transitive. */
  check(subject: string, schema: SchemaText): MaybePromise<CompatibilityAnswer>
}
