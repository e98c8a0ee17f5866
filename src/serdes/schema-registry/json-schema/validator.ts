import type { AnySchema, ErrorObject, ValidateFunction } from 'ajv'
import { shown } from '../../serde-error.js'
import { InvalidSchemaError } from '../registry-errors.js'
import type { ReferencedSchema, ResolvedSchema } from '../schema-text.js'
import { type Dialect, dialectOf } from './dialects.js'

type SchemaObject = Readonly<Record<string, unknown>>

/** Tells what is wrong with a value, in one line; undefined: nothing. */
export type Validator = (value: unknown) => string | undefined

/** How many things that are wrong with a value are told. */
const MOST_TOLD = 4
const MOST_LEVELS = 500
/** The names of properties may be long. */
const MAX_SHOWN = 200

/**
 * Compiles a schema.
 *
 * @throws {InvalidSchemaError}
 */
export function validatorOf(resolved: ResolvedSchema): Validator {
  const schema = parsed('the JSON Schema', resolved.schema)
  const validate = compiled(schema, resolved.referenced)
  return (value) => (validate(value) ? undefined : problemsOf(validate.errors ?? []))
}

/** The keywords of a schema; none where it is `true` or `false`. */
export function keywordsOf(schema: AnySchema): SchemaObject {
  return typeof schema === 'boolean' ? {} : schema
}

/** @param name which one, for people */
export function parsed(name: string, text: string): AnySchema {
  let schema: unknown
  try {
    schema = JSON.parse(text)
  } catch (cause) {
    throw new InvalidSchemaError(name, 'it is no JSON', { cause })
  }
  if (typeof schema === 'boolean') return schema
  if (typeof schema !== 'object' || schema === null || Array.isArray(schema)) {
    throw new InvalidSchemaError(name, 'a schema is an object, true or false')
  }
  return schema
}

function compiled(schema: AnySchema, referenced: readonly ReferencedSchema[]): ValidateFunction {
  const name = 'the JSON Schema'
  const dialect = dialectOf(name, keywordsOf(schema).$schema)
  let validate: ValidateFunction
  try {
    const others = schemasByUri(schema, referenced, dialect)
    const compiler = dialect.compiler([schema, ...others.values()].some(isWide))
    for (const [uri, other] of others) compiler.addSchema(other, uri)
    validate = compiler.compile(without(schema, '$schema'))
  } catch (cause) {
    throw new InvalidSchemaError(name, (cause as Error).message, { cause })
  }
  if ('$async' in validate) throw new InvalidSchemaError(name, '$async schemas are not supported')
  return validate
}

/**
 * Whether something in a schema has so many parts, such as properties, that code which stops at the first problem would
 * be too much for V8's stack: it lies a level deeper with each of them. 1,500 are too many.
 */
function isWide(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const parts = Object.values(value)
  return parts.length > MOST_LEVELS || parts.some(isWide)
}

/**
 * What a schema refers to, by all that `$ref` can call it: the name of the reference, also where it is relative to the
 * `$id` of another schema, and its own `$id`.
 */
function schemasByUri(
  schema: AnySchema,
  referenced: readonly ReferencedSchema[],
  { idKeyword }: Dialect,
): ReadonlyMap<string, AnySchema> {
  const idOf = (some: AnySchema): string | undefined => {
    const id = keywordsOf(some)[idKeyword]
    return typeof id === 'string' ? id : undefined
  }
  const others = referenced.map(({ name, schema: text }) => ({ name, other: parsed(name, text) }))
  const bases = [schema, ...others.map(({ other }) => other)].flatMap((some) => idOf(some) ?? [])
  const byUri = new Map<string, AnySchema>()
  for (const { name, other } of others) {
    const anonymous = without(other, '$schema', idKeyword)
    const uris = [idOf(other), name, ...bases.map((base) => resolvedUri(name, base))]
    for (const uri of uris) if (uri !== undefined) byUri.set(withoutEmptyFragment(uri), anonymous)
  }
  return byUri
}

function without(schema: AnySchema, ...keywords: readonly string[]): AnySchema {
  if (typeof schema === 'boolean') return schema
  const rest: Record<string, unknown> = { ...schema }
  for (const keyword of keywords) delete rest[keyword]
  return rest
}

function resolvedUri(name: string, base: string): string | undefined {
  return URL.canParse(name, base) ? new URL(name, base).href : undefined
}

const withoutEmptyFragment = (uri: string): string => uri.replace(/#$/, '')

function problemsOf(errors: readonly ErrorObject[]): string {
  const told = errors.slice(0, MOST_TOLD).map(problemOf)
  if (errors.length > MOST_TOLD) told.push('...')
  return told.join('; ')
}

/** `/legs/0/to must be string (type)`: where, what, and the rule. */
function problemOf({ instancePath, message, keyword, params }: ErrorObject): string {
  const { additionalProperty } = params as { additionalProperty?: string }
  const which = additionalProperty === undefined ? '' : `: ${shown(additionalProperty)}`
  const where = instancePath === '' ? 'the value' : instancePath.slice(0, MAX_SHOWN)
  return `${where} ${message}${which} (${keyword})`
}
