import type { AvroSchema, AvroUnion } from '../syntax/avro-schema.js'
import type { Representation } from './logical-types/logical-type.js'
import type { ValueKind } from './value-kind.js'

/** How values of a union tell which of its types they are of. */
export interface UnionValues {
  /** Whether they are `{ [name of the type]: value }`, because values of two of the types may look alike. */
  readonly wrapped: boolean
  /** Where they are not wrapped: the number of the type for a kind of value. */
  readonly byKind: ReadonlyMap<ValueKind, number>
  /** The number of the type that has all values but null; undefined: the kind decides. */
  readonly only: number | undefined
}

export function unionValues(union: AvroUnion, representation: Representation): UnionValues {
  const byKind = new Map<ValueKind, number>()
  const others: number[] = []
  let ambiguous = false
  for (const [index, branch] of union.branches.entries()) {
    const kind = kindOf(branch, representation)
    if (kind !== 'null') others.push(index)
    if (kind === undefined) continue
    ambiguous ||= byKind.has(kind)
    byKind.set(kind, index)
  }
  const anything = union.branches.some((branch) => kindOf(branch, representation) === undefined)
  const only = others.length === 1 ? others[0] : undefined
  return { wrapped: ambiguous || (anything && only === undefined), byKind, only }
}

function kindOf(schema: AvroSchema, representation: Representation): ValueKind | undefined {
  const conversion = representation.conversionOf(schema)
  if (conversion !== undefined) return conversion.kind
  switch (schema.kind) {
    case 'int':
    case 'long':
    case 'float':
    case 'double':
      return 'number'
    case 'enum':
      return 'string'
    case 'fixed':
      return 'bytes'
    case 'map':
    case 'record':
      return 'object'
    case 'union':
      return undefined
    default:
      return schema.kind
  }
}
