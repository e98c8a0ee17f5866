import { InvalidSchemaError } from '../registry-errors.js'
import type { ResolvedSchema } from '../schema-text.js'

/** A JSON Schema or a part of it: `true` is anything, `false` nothing. */
export type JsonSchemaNode = boolean | JsonSchemaObject

export interface JsonSchemaObject {
  readonly [keyword: string]: unknown
}

/** What a JSON Schema says, with what its references mean. */
export interface JsonSchemaSyntax {
  readonly root: JsonSchemaNode
  /** What the `$ref` of a part stands for; undefined: it has none. */
  target(node: JsonSchemaObject): JsonSchemaNode | undefined
}

/** A schema, with `true` and `false` in it. */
export const isJsonSchemaNode = (value: unknown): value is JsonSchemaNode =>
  typeof value === 'boolean' || isJsonSchemaObject(value)

export const isJsonSchemaObject = (value: unknown): value is JsonSchemaObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/**
 * Reads a JSON Schema and what it refers to.
 *
 * @throws {InvalidSchemaError} if one is no JSON, no schema, or refers to what is not there
 */
export function jsonSchemaSyntax({ schema, referenced }: ResolvedSchema): JsonSchemaSyntax {
  const documents = new Map<string, JsonSchemaNode>()
  for (const { name, schema: text } of referenced) {
    const document = parsed(text, `JSON Schema ${name}`)
    documents.set(name, document)
    const id = idOf(document)
    if (id !== undefined) documents.set(id, document)
  }
  const root = parsed(schema, 'JSON Schema')
  const targets = new Map<JsonSchemaObject, JsonSchemaNode>()
  for (const document of new Set([...documents.values(), root])) {
    for (const node of objectsIn(document)) {
      if (typeof node.$ref === 'string') targets.set(node, resolved(node.$ref, document, documents))
    }
  }
  return { root, target: (node) => targets.get(node) }
}

function parsed(text: string, title: string): JsonSchemaNode {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch (cause) {
    throw new InvalidSchemaError(title, `it is no JSON: ${(cause as Error).message}`, { cause })
  }
  if (isJsonSchemaNode(json)) return json
  throw new InvalidSchemaError(title, `${JSON.stringify(json)} is no schema`)
}

const idOf = (node: JsonSchemaNode): string | undefined => {
  const id = isJsonSchemaObject(node) ? (node.$id ?? node.id) : undefined
  return typeof id === 'string' ? id.replace(/#$/, '') : undefined
}

function* objectsIn(value: unknown): Generator<JsonSchemaObject> {
  if (typeof value !== 'object' || value === null) return
  if (isJsonSchemaObject(value)) yield value
  for (const each of Object.values(value)) yield* objectsIn(each)
}

function resolved(
  ref: string,
  document: JsonSchemaNode,
  documents: ReadonlyMap<string, JsonSchemaNode>,
): JsonSchemaNode {
  const [address = '', fragment = ''] = ref.split('#')
  const base = addressed(address, document, documents)
  const target = base === undefined ? undefined : within(base, decodeURIComponent(fragment))
  if (isJsonSchemaNode(target)) return target
  throw new InvalidSchemaError('JSON Schema', `there is nothing that $ref ${ref} means`)
}

function addressed(
  address: string,
  document: JsonSchemaNode,
  documents: ReadonlyMap<string, JsonSchemaNode>,
): JsonSchemaNode | undefined {
  const own = idOf(document)
  if (address === '' || address === own) return document
  const known = documents.get(address)
  if (known !== undefined) return known
  const absolute = own !== undefined && URL.canParse(address, own) ? new URL(address, own).href : address
  for (const each of [document, ...documents.values()]) {
    for (const node of objectsIn(each)) {
      const id = idOf(node)
      if (id === address || id === absolute) return node
    }
  }
  return documents.get(absolute)
}

/** A part by a JSON pointer, or by its anchor. */
function within(base: JsonSchemaNode, fragment: string): unknown {
  if (fragment === '') return base
  if (!fragment.startsWith('/')) {
    return [...objectsIn(base)].find((node) => node.$anchor === fragment || idOf(node) === `#${fragment}`)
  }
  let node: unknown = base
  for (const token of fragment.slice(1).split(/\//)) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~')
    node = typeof node === 'object' && node !== null ? (node as JsonSchemaObject)[key] : undefined
  }
  return node
}
