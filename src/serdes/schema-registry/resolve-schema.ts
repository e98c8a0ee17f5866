import { type MaybePromise, type Steps, step } from '../settle.js'
import { InvalidSchemaError } from './registry-errors.js'
import type { ReferencedSchema, ResolvedSchema, SchemaReference, SchemaText } from './schema-text.js'

/** Gives the schema that is referred to. */
export type Dereference = (reference: SchemaReference) => MaybePromise<SchemaText>

/** No schema refers to more, directly and through others: what a registry says is not to fill all memory. */
const MAX_REFERENCED = 1_000

const shownVersion = ({ subject, version }: SchemaReference): string =>
  `version ${version} of subject ${subject}`

/**
 * A schema with all that it refers to, directly or through others, each once and behind those that it needs itself.
 *
 * @throws {InvalidSchemaError} if references are circular, or have one name for two schemas
 */
export function* resolveSchema(text: SchemaText, dereference: Dereference): Steps<ResolvedSchema> {
  const resolution = new Resolution(dereference)
  yield* resolution.follow(text.references)
  return { type: text.type, schema: text.schema, referenced: resolution.found }
}

class Resolution {
  readonly found: ReferencedSchema[] = []
  /** What each name stands for. */
  private readonly byName = new Map<string, string>()
  /** What is being followed, from the outside in. */
  private readonly trail: string[] = []

  constructor(private readonly dereference: Dereference) {}

  *follow(references: readonly SchemaReference[] = []): Steps<void> {
    for (const reference of references) {
      const shown = shownVersion(reference)
      if (this.trail.includes(shown)) throw circular([...this.trail, shown])
      if (!this.isNew(reference, shown)) continue
      const schema = yield* step(this.dereference(reference))
      this.trail.push(shown)
      yield* this.follow(schema.references)
      this.trail.pop()
      this.found.push({ name: reference.name, schema: schema.schema })
    }
  }

  private isNew({ name }: SchemaReference, shown: string): boolean {
    const known = this.byName.get(name)
    if (known === shown) return false
    if (known !== undefined) throw new InvalidSchemaError(shown, `is called ${name}, as is ${known}`)
    if (this.byName.size === MAX_REFERENCED) {
      throw new InvalidSchemaError(shown, `is one of more than ${MAX_REFERENCED} schemas that one refers to`)
    }
    this.byName.set(name, shown)
    return true
  }
}

const circular = (trail: readonly string[]): InvalidSchemaError =>
  new InvalidSchemaError(trail[0]!, `refers to itself: ${trail.join(' -> ')}`)
