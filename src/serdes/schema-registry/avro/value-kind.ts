/** What values are told apart by where a union has several types. */
export type ValueKind = 'null' | 'boolean' | 'number' | 'string' | 'bytes' | 'array' | 'date' | 'object'

/** Undefined: a value of no Avro type, such as undefined. */
export function valueKind(value: unknown): ValueKind | undefined {
  switch (typeof value) {
    case 'string':
      return 'string'
    case 'number':
    case 'bigint':
      return 'number'
    case 'boolean':
      return 'boolean'
    case 'object':
      return objectKind(value)
    default:
      return undefined
  }
}

function objectKind(value: object | null): ValueKind {
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'array'
  if (value instanceof Uint8Array) return 'bytes'
  return value instanceof Date ? 'date' : 'object'
}
