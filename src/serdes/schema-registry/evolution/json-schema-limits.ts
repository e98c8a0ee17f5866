import { isDeepStrictEqual } from 'node:util'
import type { JsonSchemaObject } from '../syntax/json-schema-syntax.js'
import { type Finding, reasonOf } from './schema-change.js'

/** The kinds of JSON values; a number that is not whole is a kind of its own. */
export const JSON_KINDS = ['null', 'boolean', 'object', 'array', 'string', 'integer', 'fraction'] as const
export type JsonKind = (typeof JSON_KINDS)[number]

/** The values that `enum` or `const` allow; undefined: they do not say. */
export function valuesOf(schema: JsonSchemaObject): readonly unknown[] | undefined {
  if ('const' in schema) return [schema.const]
  return Array.isArray(schema.enum) ? schema.enum : undefined
}

/** What kinds of values a schema allows, by `type`, `enum` and `const`. */
export function kindsOf(schema: JsonSchemaObject): readonly JsonKind[] {
  const { type } = schema
  const names = typeof type === 'string' ? [type] : Array.isArray(type) ? type : undefined
  const byType = JSON_KINDS.filter(
    (kind) => names === undefined || names.includes(kind) || (isNumeric(kind) && names.includes('number')),
  )
  const values = valuesOf(schema)
  return values === undefined ? byType : byType.filter((kind) => values.some((each) => kindOf(each) === kind))
}

const isNumeric = (kind: JsonKind): boolean => kind === 'integer' || kind === 'fraction'

function kindOf(value: unknown): JsonKind {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'fraction'
  return typeof value as JsonKind
}

/** A limit that a schema has on values, as two of them compare. */
interface Limit {
  readonly keyword: string
  /** Undefined: the schema has none. */
  readonly older: unknown
  readonly newer: unknown
  /** Whether what one allows, the other does; both false: they are unlike. */
  readonly backward: boolean
  readonly forward: boolean
}

type LimitComparison = (keyword: string, older: JsonSchemaObject, newer: JsonSchemaObject) => Limit

/** Those that are only seen to be the same or not. */
const OBJECT_RULES = ['dependentRequired', 'dependentSchemas', 'dependencies', 'unevaluatedProperties']

/** What has changed in the limits on values of the kinds that both schemas allow. */
export function changedLimits(
  older: JsonSchemaObject,
  newer: JsonSchemaObject,
  kinds: readonly JsonKind[],
): Finding[] {
  const has = (...some: JsonKind[]): boolean => some.some((kind) => kinds.includes(kind))
  const compared = (compare: LimitComparison, ...keywords: string[]): Limit[] =>
    keywords.map((keyword) => compare(keyword, older, newer))
  const limits: Limit[] = []
  if (has('integer', 'fraction'))
    limits.push(lowerBound(older, newer), upperBound(older, newer), multiple(older, newer, kinds))
  if (has('string')) {
    limits.push(
      ...compared(least, 'minLength'),
      ...compared(most, 'maxLength'),
      ...compared(alike, 'pattern'),
    )
  }
  if (has('string', 'integer', 'fraction')) limits.push(...compared(alike, 'format'))
  if (has('array')) {
    limits.push(
      ...compared(least, 'minItems'),
      ...compared(most, 'maxItems'),
      ...compared(alike, 'uniqueItems'),
    )
  }
  if (has('object')) {
    limits.push(...compared(least, 'minProperties'), ...compared(most, 'maxProperties'))
    limits.push(...compared(alike, ...OBJECT_RULES))
  }
  return limits.filter(({ backward, forward }) => !backward || !forward).map(told)
}

function told({ keyword, older, newer, backward, forward }: Limit): Finding {
  const [was, is] = [shown(older), shown(newer)]
  const what =
    older === undefined
      ? `${keyword} ${is} added`
      : newer === undefined
        ? `${keyword} ${was} removed`
        : `${keyword} ${was} to ${is}`
  const why = reasonOf(backward, forward, {
    both: '',
    backward:
      'readers of the new schema take all that the old one allowed, but those of the old schema not all of the new',
    forward: 'readers of the new schema refuse some of what the old one allowed',
    neither: 'each refuses some of what the other allows',
  })
  return {
    kind: backward ? 'loosened' : forward ? 'tightened' : 'keyword-changed',
    what,
    backward,
    forward,
    why,
  }
}

const shown = (value: unknown): string => JSON.stringify(value)

const numberOf = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined)

function least(keyword: string, older: JsonSchemaObject, newer: JsonSchemaObject): Limit {
  const [was, is] = [numberOf(older[keyword]), numberOf(newer[keyword])]
  const [from, to] = [was ?? 0, is ?? 0]
  return { keyword, older: was, newer: is, backward: to <= from, forward: from <= to }
}

function most(keyword: string, older: JsonSchemaObject, newer: JsonSchemaObject): Limit {
  const [was, is] = [numberOf(older[keyword]), numberOf(newer[keyword])]
  const [from, to] = [was ?? Number.POSITIVE_INFINITY, is ?? Number.POSITIVE_INFINITY]
  return { keyword, older: was, newer: is, backward: to >= from, forward: from >= to }
}

/** One that can be the same, or not. */
function alike(keyword: string, older: JsonSchemaObject, newer: JsonSchemaObject): Limit {
  const [was, is] = [older[keyword] || undefined, newer[keyword] || undefined]
  const same = isDeepStrictEqual(was, is)
  return {
    keyword,
    older: was,
    newer: is,
    backward: same || is === undefined,
    forward: same || was === undefined,
  }
}

/** A bound of numbers: draft 4 says by `true` that it is left out, later ones have two keywords. */
interface Bound {
  readonly value: number
  readonly exclusive: boolean
}

function bound(
  schema: JsonSchemaObject,
  keyword: string,
  exclusiveKeyword: string,
  sign: 1 | -1,
): Bound | undefined {
  const [plain, other] = [schema[keyword], schema[exclusiveKeyword]]
  const inclusive = typeof plain === 'number' ? { value: plain, exclusive: other === true } : undefined
  if (typeof other !== 'number') return inclusive
  const exclusive = { value: other, exclusive: true }
  return inclusive === undefined || (other - inclusive.value) * sign >= 0 ? exclusive : inclusive
}

/** Whether a bound allows all that another one allows; `sign` 1: they are lower ones. */
function allows(bound: Bound | undefined, other: Bound | undefined, sign: 1 | -1): boolean {
  if (bound === undefined) return true
  if (other === undefined) return false
  const further = (other.value - bound.value) * sign
  return further > 0 || (further === 0 && (!bound.exclusive || other.exclusive))
}

const boundLabel = (each: Bound | undefined): unknown =>
  each === undefined ? undefined : each.exclusive ? { exclusive: each.value } : each.value

function bounds(
  [keyword, exclusiveKeyword]: readonly [string, string],
  older: JsonSchemaObject,
  newer: JsonSchemaObject,
  sign: 1 | -1,
): Limit {
  const was = bound(older, keyword, exclusiveKeyword, sign)
  const is = bound(newer, keyword, exclusiveKeyword, sign)
  return {
    keyword,
    older: boundLabel(was),
    newer: boundLabel(is),
    backward: allows(is, was, sign),
    forward: allows(was, is, sign),
  }
}

const lowerBound = (older: JsonSchemaObject, newer: JsonSchemaObject): Limit =>
  bounds(['minimum', 'exclusiveMinimum'], older, newer, 1)

const upperBound = (older: JsonSchemaObject, newer: JsonSchemaObject): Limit =>
  bounds(['maximum', 'exclusiveMaximum'], older, newer, -1)

function multiple(older: JsonSchemaObject, newer: JsonSchemaObject, kinds: readonly JsonKind[]): Limit {
  const [was, is] = [numberOf(older.multipleOf), numberOf(newer.multipleOf)]
  // Any whole number is a multiple of 1.
  const neutral = kinds.includes('fraction') ? undefined : 1
  const isMultiple = (value: number | undefined, of: number | undefined): boolean =>
    of === undefined || (value !== undefined && Number.isInteger(value / of))
  return {
    keyword: 'multipleOf',
    older: was,
    newer: is,
    backward: isMultiple(was ?? neutral, is),
    forward: isMultiple(is ?? neutral, was),
  }
}
