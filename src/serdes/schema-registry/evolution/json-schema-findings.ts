import { isDeepStrictEqual } from 'node:util'
import type { JsonSchemaObject } from '../syntax/json-schema-syntax.js'
import { JSON_KINDS, type JsonKind, valuesOf } from './json-schema-limits.js'
import { type Finding, harmless, reasonOf } from './schema-change.js'

/** Keywords that say nothing of what is allowed. */
const ANNOTATIONS = [
  'title',
  'description',
  '$comment',
  'examples',
  'example',
  'deprecated',
  'readOnly',
  'writeOnly',
  'default',
]
const STRUCTURE = ['$schema', '$id', 'id', '$anchor', 'definitions', '$defs', '$vocabulary']

export const isAnnotation = (keyword: string): boolean =>
  ANNOTATIONS.includes(keyword) || STRUCTURE.includes(keyword)

export function changedAnnotations(older: JsonSchemaObject, newer: JsonSchemaObject): Finding[] {
  const docs = ANNOTATIONS.filter(
    (keyword) => keyword !== 'default' && !isDeepStrictEqual(older[keyword], newer[keyword]),
  )
  const found = docs.map((keyword) =>
    harmless('doc-changed', `${keyword} changed`, `${keyword} says nothing of what is allowed`),
  )
  const [was, is] = [older.default, newer.default]
  if (isDeepStrictEqual(was, is)) return found
  const kind = was === undefined ? 'default-added' : is === undefined ? 'default-removed' : 'default-changed'
  const what = [was === undefined ? '' : JSON.stringify(was), is === undefined ? '' : JSON.stringify(is)]
  const why = 'a default is a note for people: no reader puts it in'
  return [...found, harmless(kind, `default ${what.filter(Boolean).join(' to ')} ${kind.slice(8)}`, why)]
}

export const changedToOrFromNothing = (was: boolean, is: boolean): Finding => ({
  kind: is ? 'opened' : 'closed',
  what: is ? 'now allowed' : 'no longer allowed',
  backward: !was || is,
  forward: was || !is,
  why: is
    ? 'readers of the old schema refuse what the new one allows here'
    : 'readers of the new schema refuse what the old one allowed here: values of old records may have it',
})

export function changedKinds(older: readonly JsonKind[], newer: readonly JsonKind[]): Finding[] {
  const backward = older.every((kind) => newer.includes(kind))
  const forward = newer.every((kind) => older.includes(kind))
  if (backward && forward) return []
  const [was, is] = [kindsInWords(older), kindsInWords(newer)]
  return [
    {
      kind: backward ? 'type-widened' : forward ? 'type-narrowed' : 'type-changed',
      what: `${was} to ${is}`,
      backward,
      forward,
      why: reasonOf(backward, forward, {
        both: '',
        backward: `what is ${was} is allowed where ${is} is, but readers of the old schema refuse the rest`,
        forward: `readers of the new schema refuse old values that are not ${is}`,
        neither: `readers of each refuse values of the other: add a property of another name instead`,
      }),
    },
  ]
}

function kindsInWords(kinds: readonly JsonKind[]): string {
  if (kinds.length === JSON_KINDS.length) return 'any type'
  const names = kinds.filter((kind) => kind !== 'integer' || !kinds.includes('fraction'))
  return names.map((kind) => (kind === 'fraction' ? 'number' : kind)).join(' or ') || 'nothing'
}

/** What has changed in `enum` and `const`. */
export function changedValues(older: JsonSchemaObject, newer: JsonSchemaObject): Finding[] {
  const [was, is] = [valuesOf(older), valuesOf(newer)]
  if (was === undefined && is === undefined) return []
  if (was === undefined || is === undefined) {
    const values = (was ?? is)!.map((value) => JSON.stringify(value)).join(', ')
    return [
      is === undefined
        ? {
            kind: 'loosened',
            what: `enum ${values} removed`,
            backward: true,
            forward: false,
            why: `readers of the old schema take ${values} only`,
          }
        : {
            kind: 'tightened',
            what: `enum ${values} added`,
            backward: false,
            forward: true,
            why: `readers of the new schema take ${values} only, and old records may have other values`,
          },
    ]
  }
  const missing = (values: readonly unknown[], from: readonly unknown[]): string[] =>
    values
      .filter((value) => !from.some((each) => isDeepStrictEqual(each, value)))
      .map((value) => JSON.stringify(value))
  return [
    ...missing(is, was).map((value): Finding => {
      const why = `readers of the old schema refuse ${value}`
      return { kind: 'enum-symbol-added', what: `value ${value} added`, backward: true, forward: false, why }
    }),
    ...missing(was, is).map((value): Finding => {
      const why = `readers of the new schema refuse ${value}, which old records may have`
      return {
        kind: 'enum-symbol-removed',
        what: `value ${value} removed`,
        backward: false,
        forward: true,
        why,
      }
    }),
  ]
}

interface Verdict {
  readonly backward: boolean
  readonly forward: boolean
}

/** @param isOpen whether the schema that does not name the property allows it all the same */
export function changedProperty(name: string, isAdded: boolean, isOpen: boolean, verdict: Verdict): Finding {
  const { backward, forward } = verdict
  const without = isAdded ? 'old' : 'new'
  const what = `property ${isAdded ? 'added' : 'removed'}, which the ${without} schema ${isOpen ? 'allows' : 'does not allow'} without naming it`
  const kind = isAdded ? 'field-added' : 'field-removed'
  return { kind, what, backward, forward, why: propertyReason(name, isAdded, isOpen, verdict) }
}

function propertyReason(
  name: string,
  isAdded: boolean,
  isOpen: boolean,
  { backward, forward }: Verdict,
): string {
  if (!isOpen) {
    return isAdded
      ? `no old record has ${name}, but readers of the old schema refuse records that have it (additionalProperties is false)`
      : `readers of the new schema refuse old records that have ${name} (additionalProperties is false); no new record has it`
  }
  if (backward && forward) return `any value of ${name} was and is allowed`
  return isAdded
    ? `the old schema allowed any value for ${name} without naming it, so that old records may have one that the new schema ` +
        'refuses; had it been closed (additionalProperties false) there would be none'
    : `the new schema allows any value for ${name}, and readers of the old schema refuse those that are not as they have it`
}

export const requiredOf = ({ required }: JsonSchemaObject): string[] =>
  Array.isArray(required) ? required.filter((each) => typeof each === 'string') : []

export function changedRequired(name: string, older: JsonSchemaObject, newer: JsonSchemaObject): Finding[] {
  const [was, is] = [requiredOf(older).includes(name), requiredOf(newer).includes(name)]
  if (was === is) return []
  const why = is
    ? `readers of the new schema refuse old records without ${name}: leave it optional`
    : `readers of the old schema refuse new records without ${name}`
  return [
    {
      kind: is ? 'required-added' : 'required-removed',
      what: is ? 'now required' : 'no longer required',
      backward: !is,
      forward: !was,
      why,
    },
  ]
}

const changedReason = (backward: boolean, forward: boolean): string =>
  reasonOf(backward, forward, {
    both: 'what is allowed is the same',
    backward:
      'readers of the new schema take all that the old one allowed, but those of the old schema not all of the new',
    forward: 'readers of the new schema refuse some of what the old one allowed',
    neither: 'each may refuse some of what the other allows',
  })

/** A group of keywords, of which it is only known that they say something else. */
export function changedKeywords(keywords: readonly string[], was: boolean, is: boolean): Finding {
  const [backward, forward] = [!is, !was]
  const what = `${keywords.join(', ')} ${was ? (is ? 'changed' : 'removed') : 'added'}`
  const kind = backward ? 'loosened' : forward ? 'tightened' : 'keyword-changed'
  return { kind, what, backward, forward, why: changedReason(backward, forward) }
}

export const changedExclusion = (backward: boolean, forward: boolean): Finding => ({
  kind: backward ? 'loosened' : forward ? 'tightened' : 'keyword-changed',
  what: 'not changed',
  backward,
  forward,
  why: changedReason(backward, forward),
})

/** A part of allOf that has come or gone; `implied`: by what else there is, so that nothing changes. */
export const changedPart = (isRemoved: boolean, implied: boolean): Finding => ({
  kind: isRemoved ? 'loosened' : 'tightened',
  what: `part of allOf ${isRemoved ? 'removed' : 'added'}`,
  backward: isRemoved || implied,
  forward: !isRemoved || implied,
  why: changedReason(isRemoved || implied, !isRemoved || implied),
})

export const removedBranch = (label: string, backward: boolean): Finding => ({
  kind: 'union-branch-removed',
  what: `no longer ${label}`,
  backward,
  forward: true,
  why: backward
    ? `another branch takes old values that are ${label}`
    : `readers of the new schema refuse old values that are ${label}`,
})

export const addedBranch = (label: string, forward: boolean): Finding => ({
  kind: 'union-branch-added',
  what: `also ${label}`,
  backward: true,
  forward,
  why: forward
    ? `readers of the old schema take ${label} by another branch`
    : `readers of the old schema refuse new values that are ${label}`,
})
