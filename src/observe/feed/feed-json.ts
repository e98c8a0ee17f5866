/** JSON of what a serde gives: numbers beyond the safe integers as strings, bytes as base64, nothing as null. */
export const feedJson = (value: unknown): string => JSON.stringify(value, replaced) ?? 'null'

function replaced(this: unknown, key: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  // A Buffer has a toJSON, which was called before.
  const before = (this as Record<string, unknown>)[key]
  return before instanceof Uint8Array ? Buffer.from(before).toString('base64') : value
}
