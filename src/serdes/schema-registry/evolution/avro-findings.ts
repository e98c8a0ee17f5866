import { isDeepStrictEqual } from 'node:util'
import { hasNameOf, isSameNumber } from '../avro/resolution-rules.js'
import {
  type AvroEnum,
  type AvroField,
  type AvroFixed,
  type AvroLogicalType,
  type AvroNamedSchema,
  type AvroRecord,
  type AvroSchema,
  isAvroNamed,
  logicalTypeOf,
} from '../syntax/avro-schema.js'
import { exactJson } from '../syntax/exact-json.js'
import { sourcesOf } from './avro-reads.js'
import { type Finding, harmless, reasonOf } from './schema-change.js'

/** What a schema is called in a sentence: `long`, `array of string`, `record Flight`, `union of null, string`. */
function avroLabel(schema: AvroSchema): string {
  switch (schema.kind) {
    case 'array':
      return `array of ${avroLabel(schema.items)}`
    case 'map':
      return `map of ${avroLabel(schema.values)}`
    case 'union':
      return `union of ${schema.branches.map(avroLabel).join(', ')}`
    default:
      return isAvroNamed(schema) ? `${schema.kind} ${schema.fullName}` : schema.kind
  }
}

/** One type in the place of another, whatever they are. */
export function changedType(
  older: AvroSchema,
  newer: AvroSchema,
  backward: boolean,
  forward: boolean,
): Finding {
  const [was, is] = [avroLabel(older), avroLabel(newer)]
  return {
    kind: backward === forward ? 'type-changed' : backward ? 'type-widened' : 'type-narrowed',
    what: `${was} to ${is}`,
    backward,
    forward,
    why: reasonOf(backward, forward, {
      both: `${was} and ${is} are the same bytes, and each can be read as the other`,
      backward: `${was} can be read as ${is}, but readers of the old schema cannot read ${is} as ${was}`,
      forward: `readers of the new schema cannot read ${was} as ${is}, though ${is} can be read as ${was}`,
      neither: `neither of ${was} and ${is} can be read as the other: add a field of another name instead`,
    }),
  }
}

/**
 * Avro's rules know of no logical types, so that registries take such a change: readers would take milliseconds for
 * microseconds. Those of Millrace refuse.
 */
export function changedLogicalType(older: AvroSchema, newer: AvroSchema): Finding[] {
  const [was, is] = [logicalLabel(logicalTypeOf(older)), logicalLabel(logicalTypeOf(newer))]
  if (was === is) return []
  const backward = isSameNumber(older, newer)
  const forward = isSameNumber(newer, older)
  const why = reasonOf(backward, forward, {
    both: `the bytes are the same, and readers take them for ${is}, or ${was}, as their schema has it`,
    backward: `${was} fits into ${is}, but readers of the old schema refuse ${is}`,
    forward: `readers of the new schema refuse ${was}, though ${is} fits into it`,
    neither:
      `the registry looks at the type below only, but the same bytes are another value: readers of Millrace refuse, others take ` +
      `${was} for ${is}; add a field of another name instead`,
  })
  return [{ kind: 'logical-type-changed', what: `${was} to ${is}`, backward, forward, why }]
}

function logicalLabel(logical: AvroLogicalType | undefined): string {
  if (logical === undefined) return 'no logical type'
  const { precision, scale } = logical.attributes
  return logical.name === 'decimal' ? `decimal(${precision ?? '?'}, ${scale ?? 0})` : logical.name
}

export function removedBranch(branch: AvroSchema, newer: AvroSchema, backward: boolean): Finding {
  const label = avroLabel(branch)
  const why = backward
    ? `old values of ${label} are read as ${avroLabel(newer)}`
    : `readers of the new schema cannot read old values that are ${label}`
  return { kind: 'union-branch-removed', what: `no longer ${label}`, backward, forward: true, why }
}

export function addedBranch(branch: AvroSchema, older: AvroSchema, forward: boolean): Finding {
  const label = avroLabel(branch)
  const why = forward
    ? `readers of the old schema read ${label} as ${avroLabel(older)}`
    : `readers of the old schema cannot read new values that are ${label}`
  return { kind: 'union-branch-added', what: `also ${label}`, backward: true, forward, why }
}

export function changedName(older: AvroNamedSchema, newer: AvroNamedSchema): Finding[] {
  const [was, is] = [older.fullName, newer.fullName]
  if (was === is) return []
  const what = `${was} to ${is}`
  if (older.name === newer.name) {
    const why =
      'names are compared without namespace; subjects that are named by the record become others, though'
    return [harmless('namespace-changed', what, why)]
  }
  const [backward, forward] = [hasNameOf(newer, older), hasNameOf(older, newer)]
  const why = reasonOf(backward, forward, {
    both: 'each has the name of the other as an alias',
    backward: `the new schema has the alias ${was}, but readers of the old schema do not know ${is}`,
    forward: `the old schema has the alias ${is}, but readers of the new schema do not know ${was}: add it as an alias`,
    neither: `readers of the new schema do not know ${was} (an alias would do), and those of the old one do not know ${is}`,
  })
  return [{ kind: 'name-changed', what, backward, forward, why }]
}

export const changedDoc = (older: string | undefined, newer: string | undefined): Finding[] =>
  older === newer ? [] : [harmless('doc-changed', 'doc changed', 'doc has no part in reading')]

export function changedAliases(older: readonly string[], newer: readonly string[], name: string): Finding[] {
  const added = newer.filter((alias) => !older.includes(alias))
  const removed = older.filter((alias) => !newer.includes(alias))
  return [
    ...added.map((alias) => {
      const why = `readers of the new schema take ${alias} of old records for ${name}`
      return harmless('alias-added', `alias ${alias} added`, why)
    }),
    ...removed.map((alias) => {
      const why = `what was written as ${alias} is no longer taken for ${name}: keep the alias while such data is read`
      return harmless('alias-removed', `alias ${alias} removed`, why)
    }),
  ]
}

/** @param renamed a removed field of the older record that could be the same one */
export function addedField(field: AvroField, renamed: AvroField | undefined): Finding {
  const { name } = field
  const what = `field added ${field.default === undefined ? 'without' : 'with'} default`
  const hint =
    renamed === undefined ? '' : `; if ${renamed.name} is now called ${name}, give it that as an alias`
  const missing = `readers of the new schema find no value for ${name} in old records, and it has no default: add one${hint}`
  const value = exactJson(field.default)
  const given = `readers of the new schema take ${value} for ${name} of old records, and readers of the old schema skip it`
  const why = field.default === undefined ? missing : given
  return { kind: 'field-added', what, backward: field.default !== undefined, forward: true, why }
}

export function removedField(field: AvroField): Finding {
  const { name } = field
  const what = `field removed that had ${field.default === undefined ? 'no' : 'a'} default`
  const missing =
    `readers of the old schema find no value for ${name} in new records, and have no default for it: add one in a version ` +
    'before, and remove the field when all readers have that version'
  const value = exactJson(field.default)
  const given = `readers of the new schema skip ${name} of old records, and readers of the old schema take ${value} for it`
  const why = field.default === undefined ? missing : given
  return { kind: 'field-removed', what, backward: true, forward: field.default !== undefined, why }
}

export function renamedField(was: AvroField, is: AvroField): Finding[] {
  if (was.name === is.name) return []
  const backward = is.aliases.includes(was.name)
  const forward = was.aliases.includes(is.name)
  return [
    {
      kind: 'field-renamed',
      what: `field renamed from ${was.name}, with ${backward ? 'alias' : 'an alias in the old schema'}`,
      backward: backward || is.default !== undefined,
      forward: forward || was.default !== undefined,
      why:
        `readers of the new schema ${sourceInWords(backward, is, was.name)} in old records; ` +
        `readers of the old schema ${sourceInWords(forward, was, is.name)} in new records`,
    },
  ]
}

function sourceInWords(byAlias: boolean, field: AvroField, source: string): string {
  if (byAlias) return `find ${field.name} under ${source}`
  return field.default === undefined
    ? `have no default for ${field.name} and do not find it`
    : `take the default of ${field.name}, which they do not find`
}

/**
 * A field that fits fields of a writer's record by its name and aliases, and not just the one that it is. The specification
 * leaves open what is read then, and readers differ.
 *
 * @param side whose field it is
 */
export function ambiguousField(
  field: AvroField,
  same: AvroField | undefined,
  writer: AvroRecord,
  side: 'old' | 'new',
): Finding[] {
  const sources = sourcesOf(field, writer)
  if (sources.every((source) => source === same)) return []
  const names = sources.map(({ name }) => name).join(' and ')
  const why = `readers of the ${side} schema may take ${names} for ${field.name}, by name or by alias, and differ in that: drop the alias`
  const [backward, forward] = [side === 'old', side === 'new']
  return [{ kind: 'alias-ambiguous', what: `${field.name} fits ${names}`, backward, forward, why }]
}

export function changedDefault(older: unknown, newer: unknown): Finding[] {
  if (isDeepStrictEqual(older, newer)) return []
  const [was, is] = [exactJson(older), exactJson(newer)]
  if (older === undefined) {
    const why = 'readers need no value for it any more, so that it may be removed in a later version'
    return [harmless('default-added', `default ${is} added`, why)]
  }
  if (newer === undefined) {
    const why =
      'both versions have a value for it, but readers cannot read versions any more that were without it'
    return [harmless('default-removed', `default ${was} removed`, why)]
  }
  const why = 'what has no value for it is read with another one than before'
  return [harmless('default-changed', `default ${was} to ${is}`, why)]
}

export const changedSymbols = (older: AvroEnum, newer: AvroEnum): Finding[] => [
  ...newer.symbols
    .filter((symbol) => !older.symbols.includes(symbol))
    .map((symbol) => addedSymbol(symbol, older)),
  ...older.symbols
    .filter((symbol) => !newer.symbols.includes(symbol))
    .map((symbol) => removedSymbol(symbol, newer)),
  ...changedDefault(older.default, newer.default),
]

function addedSymbol(symbol: string, { default: value }: AvroEnum): Finding {
  const forward = value !== undefined
  const why = forward
    ? `readers of the old schema do not know ${symbol} and take the enum's default, ${value}`
    : `readers of the old schema do not know ${symbol}, and the enum had no default`
  return { kind: 'enum-symbol-added', what: `symbol ${symbol} added`, backward: true, forward, why }
}

function removedSymbol(symbol: string, { default: value }: AvroEnum): Finding {
  const backward = value !== undefined
  const why = backward
    ? `readers of the new schema take the enum's default, ${value}, for ${symbol} of old records`
    : `readers of the new schema do not know ${symbol} of old records, and the enum has no default: give it one`
  return { kind: 'enum-symbol-removed', what: `symbol ${symbol} removed`, backward, forward: true, why }
}

export function changedSize(older: AvroFixed, newer: AvroFixed): Finding[] {
  if (older.size === newer.size) return []
  const what = `${older.size} to ${newer.size} bytes`
  const why = 'a fixed has its length in the schema only, and cannot be read with another one'
  return [{ kind: 'type-changed', what, backward: false, forward: false, why }]
}
