import { settle } from '../settle.js'
import type { Compatibility } from './compatibility.js'
import { IncompatibleSchemaError, InvalidSchemaError, SchemaNotFoundError } from './registry-errors.js'
import { resolveSchema } from './resolve-schema.js'
import type { CompatibilityAnswer, SchemaRegistry } from './schema-registry.js'
import type { ResolvedSchema, SchemaId, SchemaText, SchemaVersion } from './schema-text.js'
import { confluentWireFormat } from './wire-formats.js'

/**
 * Why a schema cannot be the next version.
 *
 * @param versions those that the compatibility asks for: the latest, or all, the oldest first; never none
 * @returns the reasons; none where it can
 */
export type CompatibilityChecker = (
  compatibility: Compatibility,
  schema: ResolvedSchema,
  versions: readonly ResolvedSchema[],
) => readonly string[]

export interface InMemorySchemaRegistryOptions {
  /** What a subject asks of its next version where nothing was set. Default `BACKWARD`, as Confluent's. */
  readonly compatibility?: Compatibility
  /** Decides on it, for example `evolutionChecker`. Default: every schema is compatible. */
  readonly checker?: CompatibilityChecker
  /**
   * Whether a schema that is looked up becomes a version of its subject, so that a topology whose schemas somebody else
   * registers runs in TopologyTestDriver. Default: false.
   */
  readonly registersOnLookup?: boolean
}

/** Two schemas with the same key are the same schema. */
const contentKey = ({ type, schema, references = [] }: SchemaText): string =>
  JSON.stringify([type, schema, references.map(({ name, subject, version }) => [name, subject, version])])

/** Without what a larger object may have beside. */
const textOf = ({ type, schema, references = [] }: SchemaText): SchemaText => ({
  type,
  schema,
  ...(references.length > 0 && { references }),
})

/** A registry within the process that answers at once: for TopologyTestDriver and for tests of one's own. */
export class InMemorySchemaRegistry implements SchemaRegistry {
  readonly name = 'schema registry in memory'
  readonly wireFormat = confluentWireFormat
  private readonly ids = new Map<string, SchemaId>()
  private readonly schemas = new Map<SchemaId, SchemaText>()
  private readonly subjects = new Map<string, SchemaVersion[]>()
  private readonly levels = new Map<string, Compatibility>()
  private readonly level: Compatibility
  private readonly checker: CompatibilityChecker
  private readonly registersOnLookup: boolean

  constructor({
    compatibility = 'BACKWARD',
    checker = () => [],
    registersOnLookup = false,
  }: InMemorySchemaRegistryOptions = {}) {
    this.level = compatibility
    this.checker = checker
    this.registersOnLookup = registersOnLookup
  }

  schema(id: SchemaId): SchemaText {
    const schema = this.schemas.get(id)
    if (schema === undefined) throw new SchemaNotFoundError(this.name, `schema ${id}`)
    return schema
  }

  version(subject: string, version: number | 'latest'): SchemaVersion | undefined {
    const versions = this.versions(subject)
    return version === 'latest' ? versions.at(-1) : versions.find((each) => each.version === version)
  }

  versions(subject: string): readonly SchemaVersion[] {
    return this.subjects.get(subject) ?? []
  }

  lookup(subject: string, schema: SchemaText): SchemaId | undefined {
    return this.find(subject, schema) ?? (this.registersOnLookup ? this.register(subject, schema) : undefined)
  }

  private find(subject: string, schema: SchemaText): SchemaId | undefined {
    const key = contentKey(schema)
    return this.versions(subject).find((version) => contentKey(version) === key)?.id
  }

  register(subject: string, schema: SchemaText): SchemaId {
    this.requireValid(subject, schema)
    const registered = this.find(subject, schema)
    if (registered !== undefined) return registered
    const { compatible, messages } = this.check(subject, schema)
    if (!compatible) throw new IncompatibleSchemaError(subject, messages)
    const id = this.idOf(schema)
    const versions = this.versions(subject)
    this.subjects.set(subject, [
      ...versions,
      { ...textOf(schema), id, subject, version: versions.length + 1 },
    ])
    return id
  }

  compatibility(subject: string): Compatibility {
    return this.levels.get(subject) ?? this.level
  }

  setCompatibility(subject: string, compatibility: Compatibility): void {
    this.levels.set(subject, compatibility)
  }

  check(subject: string, schema: SchemaText): CompatibilityAnswer {
    const level = this.compatibility(subject)
    const versions = this.versions(subject)
    if (versions.length === 0 || level === 'NONE') return { compatible: true, messages: [] }
    const compared = level.endsWith('_TRANSITIVE') ? versions : versions.slice(-1)
    const messages = this.checker(
      level,
      this.resolved(schema),
      compared.map((version) => this.resolved(version)),
    )
    return { compatible: messages.length === 0, messages }
  }

  private resolved(schema: SchemaText): ResolvedSchema {
    // What it refers to is there, or it would not have been taken.
    const steps = resolveSchema(schema, ({ subject, version }) => this.version(subject, version)!)
    return settle(steps) as ResolvedSchema
  }

  private idOf(schema: SchemaText): SchemaId {
    const key = contentKey(schema)
    const known = this.ids.get(key)
    if (known !== undefined) return known
    const id = this.ids.size + 1
    this.ids.set(key, id)
    this.schemas.set(id, textOf(schema))
    return id
  }

  private requireValid(subject: string, { type, schema, references = [] }: SchemaText): void {
    const shown = `the schema for subject ${subject}`
    for (const { name, subject: other, version } of references) {
      if (this.version(other, version) !== undefined) continue
      throw new InvalidSchemaError(
        shown,
        `${name} refers to version ${version} of subject ${other}, which is not there`,
      )
    }
    if (type === 'PROTOBUF') return
    try {
      JSON.parse(schema)
    } catch (error) {
      throw new InvalidSchemaError(shown, 'is no JSON', { cause: error })
    }
  }
}
