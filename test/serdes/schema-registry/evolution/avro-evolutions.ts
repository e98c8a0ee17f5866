import fc from 'fast-check'

/** A type of one of two random schemas that have names in common, so that often one can be read as the other. */
type Shape =
  | { readonly kind: 'primitive'; readonly name: string }
  | { readonly kind: 'named'; readonly name: 'E' | 'F' | 'N' | 'R' }
  | { readonly kind: 'array' | 'map'; readonly of: Shape }
  | { readonly kind: 'union'; readonly of: readonly Shape[] }

interface Field {
  readonly name: string
  readonly type: Shape
  readonly aliases: readonly string[]
  readonly hasDefault: boolean
}

interface Definitions {
  readonly symbols: readonly string[]
  readonly hasEnumDefault: boolean
  readonly size: number
  readonly inner: readonly Field[]
  readonly outer: readonly Field[]
  readonly names: Readonly<
    Record<'E' | 'F' | 'N' | 'R', { readonly name: string; readonly aliases: readonly string[] }>
  >
}

const primitive = fc
  .constantFrom('null', 'boolean', 'int', 'long', 'float', 'double', 'bytes', 'string')
  .map((name): Shape => ({ kind: 'primitive', name }))
const named = fc.constantFrom('E', 'F', 'N', 'R').map((name): Shape => ({ kind: 'named', name }))
const simple = fc.oneof({ weight: 3, arbitrary: primitive }, { weight: 1, arbitrary: named })
const container = fc.tuple(fc.constantFrom('array', 'map'), simple).map(([kind, of]): Shape => ({ kind, of }))
const keyOf = (shape: Shape): string => ('name' in shape ? shape.name : shape.kind)
const union = fc
  .uniqueArray(fc.oneof(simple, container), { minLength: 1, maxLength: 3, selector: keyOf })
  .map((of): Shape => ({ kind: 'union', of }))
const shape = fc.oneof(
  { weight: 4, arbitrary: simple },
  { weight: 1, arbitrary: container },
  { weight: 2, arbitrary: union },
)

const fields = fc.uniqueArray(
  fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    type: shape,
    aliases: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 2 }) },
    ),
    hasDefault: fc.boolean(),
  }),
  { maxLength: 3, selector: ({ name }) => name },
)

const nameOf = (name: string) =>
  fc.oneof(
    { weight: 8, arbitrary: fc.constant({ name, aliases: [] }) },
    { weight: 1, arbitrary: fc.constant({ name: `${name}2`, aliases: [] }) },
    { weight: 1, arbitrary: fc.constant({ name: `${name}2`, aliases: [name] }) },
  )

const definitions: fc.Arbitrary<Definitions> = fc.record({
  symbols: fc.uniqueArray(fc.constantFrom('P', 'Q', 'S'), { minLength: 1 }),
  hasEnumDefault: fc.boolean(),
  size: fc.constantFrom(1, 1, 1, 2),
  inner: fields,
  outer: fields,
  names: fc.record({ E: nameOf('E'), F: nameOf('F'), N: nameOf('N'), R: nameOf('R') }),
})

/** Two versions as text, whose roots are records: parts of them are the same. */
export const avroEvolution: fc.Arbitrary<readonly [older: string, newer: string]> = fc
  .tuple(definitions, definitions, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }))
  .map(([older, other, kept]) => {
    const names = ['symbols', 'hasEnumDefault', 'size', 'inner', 'outer', 'names'] as const
    const newer = Object.fromEntries(names.map((name, index) => [name, (kept[index] ? older : other)[name]]))
    return [older, newer as unknown as Definitions].map((each) =>
      JSON.stringify(new Writing(each).root()),
    ) as [string, string]
  })

/** Writes a type out where it is first named. */
class Writing {
  private readonly written = new Set<string>()

  constructor(private readonly definitions: Definitions) {}

  root(): unknown {
    return this.shape({ kind: 'named', name: 'R' })
  }

  private shape(shape: Shape): unknown {
    switch (shape.kind) {
      case 'primitive':
        return shape.name
      case 'array':
        return { type: 'array', items: this.shape(shape.of) }
      case 'map':
        return { type: 'map', values: this.shape(shape.of) }
      case 'union':
        return shape.of.map((each) => this.shape(each))
      case 'named':
        return this.named(shape.name)
    }
  }

  private named(key: 'E' | 'F' | 'N' | 'R'): unknown {
    const { names, symbols, size, hasEnumDefault, inner, outer } = this.definitions
    const { name, aliases } = names[key]
    if (this.written.has(key)) return name
    this.written.add(key)
    const head = { name, aliases }
    if (key === 'E')
      return { type: 'enum', ...head, symbols, ...(hasEnumDefault ? { default: symbols[0] } : {}) }
    if (key === 'F') return { type: 'fixed', ...head, size }
    return { type: 'record', ...head, fields: (key === 'N' ? inner : outer).map((each) => this.field(each)) }
  }

  private field({ name, type, aliases, hasDefault }: Field): unknown {
    const value = hasDefault ? this.defaultOf(type) : undefined
    const others = aliases.filter((alias) => alias !== name)
    return {
      name,
      type: this.shape(type),
      aliases: others,
      ...(value === undefined ? {} : { default: value }),
    }
  }

  /** Undefined: a record that would need one for each of its fields. */
  private defaultOf(shape: Shape): unknown {
    switch (shape.kind) {
      case 'primitive':
        return DEFAULTS[shape.name]
      case 'array':
        return []
      case 'map':
        return {}
      case 'union':
        return this.defaultOf(shape.of[0]!)
      case 'named':
        if (shape.name === 'E') return this.definitions.symbols[0]
        return shape.name === 'F' ? '\0'.repeat(this.definitions.size) : undefined
    }
  }
}

const DEFAULTS: Readonly<Record<string, unknown>> = {
  null: null,
  boolean: false,
  int: 1,
  long: 2,
  float: 0.5,
  double: 1.5,
  bytes: '\0',
  string: 'x',
}
