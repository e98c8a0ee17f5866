const MAX_LENGTH = 249
const LEGAL = /^[A-Za-z0-9._-]+$/

/**
 * Hands out names as Kafka Streams does: a prefix and a counter that every operator moves on, named or not, so that
 * naming one operator does not rename the others.
 */
export class NameSequence {
  private index = 0

  /** The name of an operator: the given one, or a generated one such as `KSTREAM-FILTER-0000000001`. */
  operator(prefix: string, given?: string): string {
    const generated = this.next(prefix)
    return given ?? generated
  }

  /** As `operator`, for the few operators that do not move the counter on where they are named. */
  uncounted(prefix: string, given?: string): string {
    return given ?? this.next(prefix)
  }

  /** A generated store name, such as `KSTREAM-AGGREGATE-STATE-STORE-0000000002`. */
  store(prefix: string): string {
    return this.next(`${prefix}STATE-STORE-`)
  }

  private next(prefix: string): string {
    return prefix + String(this.index++).padStart(10, '0')
  }
}

/** Whether a name was generated for an operator or store on streams. */
export const isGenerated = (name: string): boolean => /^KSTREAM.*-[0-9]{10}$/.test(name)

/** What is wrong with a name that becomes part of topic names, or undefined if nothing is. */
export function nameProblem(name: string): string | undefined {
  if (name === '') return 'the name is empty'
  if (name === '.' || name === '..') return `the name '${name}' is reserved`
  if (name.length > MAX_LENGTH) return `the name has ${name.length} characters, Kafka allows ${MAX_LENGTH}`
  if (!LEGAL.test(name)) return `the name '${name}' has characters other than A-Z, a-z, 0-9, '.', '_' and '-'`
  return undefined
}
