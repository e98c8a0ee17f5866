import { createRequire } from 'node:module'
import type avsc from 'avsc'
import { InvalidSchemaError } from '../registry-errors.js'

type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json }
type Named = { readonly [name: string]: Json }

/** What avsc says where a text is no IDL. */
interface IdlError extends Error {
  readonly lineNum?: number
  readonly colNum?: number
}

/** JSON, or the name of a type. */
const NOT_IDL = /^\s*(?:[{["]|\w+\s*$)/
const PROTOCOL = /\bprotocol\s+[\w`]/

/**
 * An Avro schema as JSON, which registries hold, where it may be written in Avro's IDL (`.avdl`): one named type, or a
 * protocol, whose last type is the schema and has the others in it where they are first named.
 *
 * @throws {InvalidSchemaError} naming line and column
 */
export const avroJson = (text: string): string => (NOT_IDL.test(text) ? text : JSON.stringify(ofIdl(text)))

function ofIdl(text: string): Json {
  // Few have IDL, so avsc is not loaded for all.
  const { readProtocol, readSchema } = createRequire(import.meta.url)('avsc') as typeof avsc
  try {
    return PROTOCOL.test(text) ? lastTypeOf(readProtocol(text) as Named) : (readSchema(text) as Json)
  } catch (error) {
    if (error instanceof InvalidSchemaError) throw error
    const { message, lineNum, colNum } = error as IdlError
    const place = lineNum === undefined ? '' : `, line ${lineNum}, column ${colNum}`
    throw new InvalidSchemaError(`Avro IDL${place}`, message, { cause: error })
  }
}

/** The schema of a protocol's last type, whole. */
function lastTypeOf({ namespace, types = [] }: Named): Json {
  const declared = new Map((types as readonly Named[]).map((type) => [type.name as string, type]))
  const last = [...declared.values()].at(-1)
  if (last === undefined) throw new InvalidSchemaError('Avro IDL', 'the protocol declares no type')
  const schema = new Inlined(declared).named(last)
  return namespace === undefined || 'namespace' in schema ? schema : { namespace, ...schema }
}

/** Puts declarations where they are first named: a schema has all that it names in it. */
class Inlined {
  private readonly seen = new Set<string>()

  constructor(private readonly declared: ReadonlyMap<string, Named>) {}

  named(type: Named): Named {
    this.seen.add(type.name as string)
    const { fields } = type
    if (!Array.isArray(fields)) return type
    return { ...type, fields: fields.map((field: Named) => ({ ...field, type: this.of(field.type!) })) }
  }

  private of(type: Json): Json {
    if (typeof type === 'string') {
      const declaration = this.declared.get(type)
      return declaration === undefined || this.seen.has(type) ? type : this.named(declaration)
    }
    if (Array.isArray(type)) return type.map((branch: Json) => this.of(branch))
    if (typeof type !== 'object' || type === null) return type
    const { items, values, ...rest } = type as Named
    return {
      ...rest,
      ...(items !== undefined && { items: this.of(items) }),
      ...(values !== undefined && { values: this.of(values) }),
    }
  }
}
