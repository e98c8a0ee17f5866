import type { ResolvedSchema } from './schema-text.js'

/**
 * Makes something of each schema once, as long as the schema is there: what is read with one was written with many.
 *
 * @param make gets what the first caller says besides
 */
export function perSchema<T, More extends readonly unknown[] = []>(
  make: (schema: ResolvedSchema, ...more: More) => T,
): (schema: ResolvedSchema, ...more: More) => T {
  const made = new WeakMap<ResolvedSchema, { readonly of: T }>()
  return (schema, ...more) => {
    let known = made.get(schema)
    if (known === undefined) {
      known = { of: make(schema, ...more) }
      made.set(schema, known)
    }
    return known.of
  }
}
