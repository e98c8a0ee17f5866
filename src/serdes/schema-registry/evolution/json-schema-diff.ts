import { isDeepStrictEqual } from 'node:util'
import {
  isJsonSchemaNode,
  isJsonSchemaObject,
  type JsonSchemaNode,
  type JsonSchemaObject,
  type JsonSchemaSyntax,
} from '../syntax/json-schema-syntax.js'
import * as findings from './json-schema-findings.js'
import { changedLimits, kindsOf } from './json-schema-limits.js'
import { asFarAsRead, type Finding, type SchemaChange } from './schema-change.js'

/**
 * What has changed from one JSON Schema to another. A reader takes what its schema allows, so that a change is safe where
 * the one schema allows all that the other one does.
 */
export function jsonSchemaDiff(older: JsonSchemaSyntax, newer: JsonSchemaSyntax): SchemaChange[] {
  const diff = new JsonSchemaDiff(older, newer, [])
  const title = isJsonSchemaObject(newer.root) ? newer.root.title : undefined
  const path = typeof title === 'string' ? title : '$'
  diff.compare(older.root, newer.root, { path, backward: true, forward: true })
  return diff.changes
}

/** Where a part of the schemas is, and whether readers of the newer and of the older one depend on it. */
interface Place {
  readonly path: string
  readonly backward: boolean
  readonly forward: boolean
}

/** Whether each schema allows what the other one does. */
interface Verdict {
  readonly backward: boolean
  readonly forward: boolean
}

type Pair = readonly [older: JsonSchemaNode, newer: JsonSchemaNode]

const within = (place: Place, path: string): Place => ({ ...place, path: `${place.path}${path}` })

/** A schema without restrictions; one object, so that it is known again. */
const ANYTHING: JsonSchemaObject = {}

const COMBINATIONS = ['allOf', 'anyOf', 'oneOf'] as const

class JsonSchemaDiff {
  readonly changes: SchemaChange[] = []
  /** Pairs that have been told of. */
  private readonly told: Pair[] = []

  /** @param open pairs that are being compared: schemas may contain themselves */
  constructor(
    private readonly older: JsonSchemaSyntax,
    private readonly newer: JsonSchemaSyntax,
    private readonly open: readonly Pair[],
  ) {}

  compare(older: JsonSchemaNode, newer: JsonSchemaNode, place: Place): void {
    const [was, is] = [plain(older, this.older), plain(newer, this.newer)]
    const isPair = ([one, other]: Pair): boolean => one === was && other === is
    if (this.open.some(isPair)) return
    if (was !== ANYTHING && is !== ANYTHING && place.backward && place.forward) {
      if (this.told.some(isPair)) return
      this.told.push([was, is])
    }
    const inner = new JsonSchemaDiff(this.older, this.newer, [...this.open, [was, is]])
    inner.told.push(...this.told)
    inner.comparePlain(was, is, place)
    this.changes.push(...inner.changes)
    this.told.push(...inner.told.slice(this.told.length))
  }

  private comparePlain(was: JsonSchemaNode, is: JsonSchemaNode, place: Place): void {
    if (typeof was === 'boolean' || typeof is === 'boolean') {
      if (was !== is) this.tell(place, findings.changedToOrFromNothing(was !== false, is !== false))
      return
    }
    this.tell(place, ...findings.changedAnnotations(was, is))
    if (isSum(was) || isSum(is)) {
      this.compareSums(was, is, place)
      return
    }
    if (isOnly(was, 'allOf') || isOnly(is, 'allOf')) {
      const parts = (schema: JsonSchemaObject): JsonSchemaNode[] =>
        isOnly(schema, 'allOf') ? nodesOf(schema.allOf) : [schema]
      this.compareParts(parts(was), parts(is), place)
      return
    }
    const [olds, news] = [kindsOf(was), kindsOf(is)]
    const both = olds.filter((kind) => news.includes(kind))
    this.tell(
      place,
      ...findings.changedKinds(olds, news),
      ...findings.changedValues(was, is),
      ...changedLimits(was, is, both),
    )
    if (both.includes('object')) this.compareObjects(was, is, place)
    if (both.includes('array')) this.compareItems(was, is, place)
    this.compareCombined(was, is, place)
  }

  private tell({ path, ...depends }: Place, ...found: readonly Finding[]): void {
    for (const each of found) this.changes.push({ path, ...asFarAsRead(each, depends) })
  }

  /** What the change from one part to another one does, wherever they stand. */
  private verdict(older: JsonSchemaNode, newer: JsonSchemaNode): Verdict {
    const diff = new JsonSchemaDiff(this.older, this.newer, this.open)
    diff.compare(older, newer, { path: '', backward: true, forward: true })
    return {
      backward: diff.changes.every(({ backward }) => backward),
      forward: diff.changes.every(({ forward }) => forward),
    }
  }

  private compareObjects(older: JsonSchemaObject, newer: JsonSchemaObject, place: Place): void {
    const [was, is] = [propertiesOf(older), propertiesOf(newer)]
    for (const name of new Set([...Object.keys(is), ...Object.keys(was)])) {
      const at = within(place, `.${name}`)
      const [before, after] = [appliedTo(name, older), appliedTo(name, newer)]
      if (name in was && name in is) this.compare(before, after, at)
      else {
        const verdict = this.verdict(before, after)
        const isOpen = plain(name in is ? before : after, name in is ? this.older : this.newer) !== false
        this.tell(at, findings.changedProperty(name, name in is, isOpen, verdict))
      }
      this.tell(at, ...findings.changedRequired(name, older, newer))
    }
    const others = [...requiredOf(newer), ...requiredOf(older)].filter(
      (name) => !(name in was) && !(name in is),
    )
    for (const name of new Set(others))
      this.tell(within(place, `.${name}`), ...findings.changedRequired(name, older, newer))
    this.compareOtherProperties(older, newer, place)
  }

  private compareOtherProperties(older: JsonSchemaObject, newer: JsonSchemaObject, place: Place): void {
    const [was, is] = [patternsOf(older), patternsOf(newer)]
    for (const pattern of new Set([...Object.keys(was), ...Object.keys(is)])) {
      this.compare(
        was[pattern] ?? additionalOf(older),
        is[pattern] ?? additionalOf(newer),
        within(place, `./${pattern}/`),
      )
    }
    this.compare(additionalOf(older), additionalOf(newer), within(place, '.*'))
    this.compare(nodeOf(older.propertyNames), nodeOf(newer.propertyNames), within(place, ' (names)'))
  }

  private compareItems(older: JsonSchemaObject, newer: JsonSchemaObject, place: Place): void {
    const [was, is] = [itemsOf(older), itemsOf(newer)]
    const length = Math.max(was.first.length, is.first.length)
    for (let index = 0; index < length; index++) {
      this.compare(was.first[index] ?? was.rest, is.first[index] ?? is.rest, within(place, `[${index}]`))
    }
    this.compare(was.rest, is.rest, within(place, '[]'))
    this.compareOpaque(older, newer, ['contains', 'minContains', 'maxContains', 'unevaluatedItems'], place)
  }

  /** What schemas are made of besides, where no look into it tells whether it is wider: the same, or not. */
  private compareOpaque(
    older: JsonSchemaObject,
    newer: JsonSchemaObject,
    keywords: readonly string[],
    place: Place,
  ): void {
    const same = keywords.every((keyword) => {
      const [was, is] = [older[keyword], newer[keyword]]
      if (!isJsonSchemaNode(was) || !isJsonSchemaNode(is)) return isDeepStrictEqual(was, is)
      const { backward, forward } = this.verdict(was, is)
      return backward && forward
    })
    const has = (schema: JsonSchemaObject): boolean => keywords.some((keyword) => keyword in schema)
    if (!same) this.tell(place, findings.changedKeywords(keywords, has(older), has(newer)))
  }

  private compareCombined(older: JsonSchemaObject, newer: JsonSchemaObject, place: Place): void {
    this.compareOpaque(older, newer, ['if', 'then', 'else'], place)
    if ('not' in older && 'not' in newer) {
      // What the one excludes less of, it allows more of.
      const { backward, forward } = this.verdict(nodeOf(older.not), nodeOf(newer.not))
      if (!backward || !forward) this.tell(place, findings.changedExclusion(forward, backward))
    } else this.compareOpaque(older, newer, ['not'], place)
    this.compareParts(nodesOf(older.allOf), nodesOf(newer.allOf), place)
    for (const keyword of ['anyOf', 'oneOf']) {
      if (keyword in older || keyword in newer) {
        this.compareBranches(branchesOf(older, keyword), branchesOf(newer, keyword), place)
      }
    }
  }

  /** All parts of `allOf` restrict what is allowed. */
  private compareParts(were: readonly JsonSchemaNode[], are: readonly JsonSchemaNode[], place: Place): void {
    const { pairs, removed, added } = this.paired(were, are)
    for (const [before, after] of pairs) this.compare(before, after, place)
    // Nothing changes where another part asks for as much.
    for (const part of removed) {
      const implied = are.some((each) => this.verdict(part, each).forward)
      this.tell(place, findings.changedPart(true, implied))
    }
    for (const part of added) {
      const implied = were.some((each) => this.verdict(each, part).backward)
      this.tell(place, findings.changedPart(false, implied))
    }
  }

  /** A schema that is nothing but branches, against another one. */
  private compareSums(older: JsonSchemaObject, newer: JsonSchemaObject, place: Place): void {
    const branches = (schema: JsonSchemaObject): JsonSchemaNode[] =>
      isSum(schema) ? nodesOf(schema.anyOf ?? schema.oneOf) : [schema]
    this.compareBranches(branches(older), branches(newer), place)
  }

  private compareBranches(
    older: readonly JsonSchemaNode[],
    newer: readonly JsonSchemaNode[],
    place: Place,
  ): void {
    const backward = (branch: JsonSchemaNode): boolean =>
      newer.some((each) => this.verdict(branch, each).backward)
    const forward = (branch: JsonSchemaNode): boolean =>
      older.some((each) => this.verdict(each, branch).forward)
    const { pairs, removed, added } = this.paired(older, newer)
    for (const [was, is] of pairs) {
      this.compare(was, is, {
        path: place.path,
        // Where another branch does, it does not depend on this one.
        backward: place.backward && !backward(was),
        forward: place.forward && !forward(is),
      })
    }
    for (const branch of removed) this.tell(place, findings.removedBranch(labelOf(branch), backward(branch)))
    for (const branch of added) this.tell(place, findings.addedBranch(labelOf(branch), forward(branch)))
  }

  /** What stands for the same in two lists: those that allow the same, then those of the same name or type. */
  private paired(
    older: readonly JsonSchemaNode[],
    newer: readonly JsonSchemaNode[],
  ): { pairs: Pair[]; removed: JsonSchemaNode[]; added: JsonSchemaNode[] } {
    const pairs: Pair[] = []
    const [removed, added] = [[...older], [...newer]]
    const pair = (isSame: (was: JsonSchemaNode, is: JsonSchemaNode) => boolean): void => {
      for (const was of [...removed]) {
        const is = added.find((each) => isSame(was, each))
        if (is === undefined) continue
        pairs.push([was, is])
        removed.splice(removed.indexOf(was), 1)
        added.splice(added.indexOf(is), 1)
      }
    }
    pair((was, is) => {
      const { backward, forward } = this.verdict(was, is)
      return backward && forward
    })
    pair((was, is) => labelOf(was) === labelOf(is))
    return { pairs, removed, added }
  }
}

/** Whether a keyword is all that a schema says of what is allowed. */
const isOnly = (schema: JsonSchemaObject, keyword: string): boolean => {
  const keywords = Object.keys(schema).filter((each) => !findings.isAnnotation(each))
  return keywords.length === 1 && keywords[0] === keyword
}

const isSum = (schema: JsonSchemaObject): boolean => isOnly(schema, 'anyOf') || isOnly(schema, 'oneOf')

/** What parts stand for: made once, so that a schema that contains itself is known again. */
const plainNodes = new WeakMap<JsonSchemaObject, JsonSchemaNode>()

/** A part as what it stands for: no reference, no `allOf` of one. */
function plain(node: JsonSchemaNode, syntax: JsonSchemaSyntax): JsonSchemaNode {
  if (typeof node === 'boolean') return node ? ANYTHING : node
  const known = plainNodes.get(node)
  if (known !== undefined) return known
  // What refers to itself only stands for itself.
  plainNodes.set(node, node)
  const made = madePlain(node, syntax)
  plainNodes.set(node, made)
  return made
}

function madePlain(node: JsonSchemaObject, syntax: JsonSchemaSyntax): JsonSchemaNode {
  const target = syntax.target(node)
  const rest = Object.keys(node).filter((keyword) => keyword !== '$ref' && !findings.isAnnotation(keyword))
  if (target !== undefined) {
    if (rest.length === 0) return plain(target, syntax)
    const { $ref, ...others } = node
    return { ...others, allOf: [...nodesOf(node.allOf), target] }
  }
  const [only, ...more] = nodesOf(node.allOf)
  const isAlone = rest.length === 1 && only !== undefined && more.length === 0
  return isAlone ? plain(only, syntax) : node
}

const nodeOf = (value: unknown): JsonSchemaNode => (isJsonSchemaNode(value) ? value : ANYTHING)

const nodesOf = (value: unknown): JsonSchemaNode[] =>
  Array.isArray(value) ? value.filter(isJsonSchemaNode) : []

const branchesOf = (schema: JsonSchemaObject, keyword: string): JsonSchemaNode[] =>
  keyword in schema ? nodesOf(schema[keyword]) : [ANYTHING]

const schemasIn = (value: unknown): Readonly<Record<string, JsonSchemaNode>> =>
  isJsonSchemaObject(value)
    ? Object.fromEntries(
        Object.entries(value).filter((entry): entry is [string, JsonSchemaNode] =>
          isJsonSchemaNode(entry[1]),
        ),
      )
    : {}

const propertiesOf = (schema: JsonSchemaObject): Readonly<Record<string, JsonSchemaNode>> =>
  schemasIn(schema.properties)

const patternsOf = (schema: JsonSchemaObject): Readonly<Record<string, JsonSchemaNode>> =>
  schemasIn(schema.patternProperties)

const additionalOf = (schema: JsonSchemaObject): JsonSchemaNode => nodeOf(schema.additionalProperties)

const requiredOf = findings.requiredOf

/** What a schema asks of a property. */
function appliedTo(name: string, schema: JsonSchemaObject): JsonSchemaNode {
  const own = propertiesOf(schema)[name]
  const byPattern = Object.entries(patternsOf(schema)).filter(([pattern]) => new RegExp(pattern).test(name))
  const all = [...(own === undefined ? [] : [own]), ...byPattern.map(([, node]) => node)]
  if (all.length === 0) return additionalOf(schema)
  return all.length === 1 ? all[0]! : allOf(schema, name, all)
}

const combined = new WeakMap<JsonSchemaObject, Map<string, JsonSchemaObject>>()

/** Parts together, made once. */
function allOf(schema: JsonSchemaObject, name: string, parts: readonly JsonSchemaNode[]): JsonSchemaObject {
  const made = combined.get(schema) ?? new Map<string, JsonSchemaObject>()
  combined.set(schema, made)
  const known = made.get(name) ?? { allOf: parts }
  made.set(name, known)
  return known
}

/** What a schema asks of the first items of an array, one by one, and of the others. */
function itemsOf(schema: JsonSchemaObject): { first: JsonSchemaNode[]; rest: JsonSchemaNode } {
  const { items, prefixItems, additionalItems } = schema
  if (Array.isArray(items)) return { first: nodesOf(items), rest: nodeOf(additionalItems) }
  return { first: nodesOf(prefixItems), rest: nodeOf(items) }
}

/** What a branch is called. */
function labelOf(node: JsonSchemaNode): string {
  if (typeof node === 'boolean') return String(node)
  const { title, $ref, type } = node
  for (const each of [title, $ref]) if (typeof each === 'string') return each
  const values = 'const' in node ? [node.const] : node.enum
  if (Array.isArray(values)) return values.map((value) => JSON.stringify(value)).join(' or ')
  const combination = COMBINATIONS.find((keyword) => keyword in node)
  return type === undefined ? (combination ?? 'anything') : [type].flat().join(' or ')
}
