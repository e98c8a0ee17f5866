import { kindsOf, valuesOf } from '../evolution/json-schema-limits.js'
import {
  isJsonSchemaNode,
  isJsonSchemaObject,
  type JsonSchemaNode,
  type JsonSchemaObject,
  type JsonSchemaSyntax,
} from '../syntax/json-schema-syntax.js'
import { literal, type TypeFile, type TypeProperty, type TypeText, unionOf } from './type-file.js'

/** Declares the values that a JSON Schema describes. */
export function jsonSchemaTypes(syntax: JsonSchemaSyntax, name: string, file: TypeFile): void {
  const { root } = syntax
  const title = textOf(isJsonSchemaObject(root) ? root.title : undefined)
  const types = new JsonSchemaTypes(syntax, file)
  const type = types.of(root, title ?? name)
  if (!types.isDeclared(root)) file.alias({}, [title ?? name], docOf(root), () => type)
}

class JsonSchemaTypes {
  constructor(
    private readonly syntax: JsonSchemaSyntax,
    private readonly file: TypeFile,
  ) {}

  isDeclared(node: JsonSchemaNode): boolean {
    return this.file.nameOf(node) !== undefined
  }

  /** @param name for what has no title */
  of(node: JsonSchemaNode, name: string): TypeText {
    if (typeof node === 'boolean') return [node ? 'unknown' : 'never']
    const target = this.syntax.target(node)
    if (target !== undefined) return this.target(target, String(node.$ref), name)
    const values = valuesOf(node)
    if (values !== undefined) return values.map(valueType)
    const branches = nodesOf(node.anyOf ?? node.oneOf)
    if (branches.length > 0) {
      return unionOf(branches.map((branch, index) => this.of(branch, branchName(branch, name, index))))
    }
    const parts = nodesOf(node.allOf)
    if (parts.length > 0) return this.allOf(node, parts, name)
    return this.plain(node, name)
  }

  private target(target: JsonSchemaNode, ref: string, name: string): TypeText {
    const known = this.file.nameOf(target)
    if (known !== undefined) return [known]
    const last = ref
      .split(/[/#]/)
      .findLast((part) => part !== '')
      ?.replace(/\.(json|schema)+$/, '')
    const suggested = titleOf(target) ?? last ?? name
    if (isJsonSchemaObject(target) && isRecord(target)) return this.of(target, suggested)
    return [this.file.alias(target, [suggested], docOf(target), (own) => this.of(target, own))]
  }

  private allOf(node: JsonSchemaObject, parts: readonly JsonSchemaNode[], name: string): TypeText {
    const own = 'properties' in node ? [this.plain(node, `${name} Own`)] : []
    const types = [...parts.map((part, index) => this.of(part, `${name} ${index + 1}`)), ...own]
    const known = types.filter((type) => type.join() !== 'unknown')
    if (known.length === 0) return ['unknown']
    if (known.length === 1) return known[0]!
    return [known.map((type) => this.file.inner(type, name)).join(' & ')]
  }

  private plain(node: JsonSchemaObject, name: string): TypeText {
    const kinds = kindsOf(node)
    const names = new Set(kinds.map((kind) => (kind === 'fraction' || kind === 'integer' ? 'number' : kind)))
    if (!('type' in node) && !('properties' in node) && !('items' in node)) return ['unknown']
    const all = 'type' in node ? [...names] : 'properties' in node ? ['object'] : ['array']
    const types = all.map((kind): TypeText => {
      if (kind === 'object') return this.object(node, name)
      return kind === 'array' ? this.array(node, name) : [kind]
    })
    return unionOf(node.nullable === true ? [...types, ['null']] : types)
  }

  private object(node: JsonSchemaObject, name: string): TypeText {
    if (!isRecord(node)) {
      const { additionalProperties: others } = node
      const type: TypeText = isJsonSchemaObject(others) ? this.of(others, `${name} Value`) : ['unknown']
      return [`Record<string, ${type.join(' | ')}>`]
    }
    return [
      this.file.interface(node, [titleOf(node) ?? name], docOf(node), (own) => this.properties(node, own)),
    ]
  }

  private properties({ properties, required }: JsonSchemaObject, owner: string): TypeProperty[] {
    const needed = Array.isArray(required) ? required : []
    return Object.entries(properties as JsonSchemaObject).flatMap(([name, node]) => {
      if (!isJsonSchemaNode(node)) return []
      const optional = !needed.includes(name)
      return [{ name, type: this.of(node, `${owner} ${name}`), optional, doc: docOf(node) }]
    })
  }

  private array(node: JsonSchemaObject, name: string): TypeText {
    const first = nodesOf(Array.isArray(node.items) ? node.items : node.prefixItems)
    const rest = Array.isArray(node.items) ? node.additionalItems : node.items
    const item = isJsonSchemaNode(rest) ? this.of(rest, `${name} Item`) : (['unknown'] as const)
    if (first.length === 0) return [`${this.file.inner(item, `${name} Item`)}[]`]
    // As many as there are may be left out.
    const items = first.map((each, index) => `(${this.of(each, `${name} ${index}`).join(' | ')})?`)
    const others = item.join() === 'never' ? [] : [`...${this.file.inner(item, `${name} Item`)}[]`]
    return [`[${[...items.map((each) => each.replace(/^\(([\w$]+)\)\?$/, '$1?')), ...others].join(', ')}]`]
  }
}

/** Whether a schema names properties. */
const isRecord = ({ properties }: JsonSchemaObject): boolean =>
  isJsonSchemaObject(properties) && Object.keys(properties).length > 0

const nodesOf = (value: unknown): JsonSchemaNode[] =>
  Array.isArray(value) ? value.filter(isJsonSchemaNode) : []

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const titleOf = (node: JsonSchemaNode): string | undefined =>
  isJsonSchemaObject(node) ? textOf(node.title) : undefined

const docOf = (node: JsonSchemaNode): string | undefined =>
  isJsonSchemaObject(node) ? textOf(node.description) : undefined

const branchName = (branch: JsonSchemaNode, name: string, index: number): string =>
  titleOf(branch) ?? `${name} ${index + 1}`

function valueType(value: unknown): string {
  if (typeof value === 'string') return literal(value)
  return typeof value === 'object' && value !== null ? 'unknown' : JSON.stringify(value)
}
