/** A TypeScript type: one text, or several that values are one of. */
export type TypeText = readonly string[]

export interface TypeProperty {
  readonly name: string
  readonly type: TypeText
  readonly optional: boolean
  readonly doc: string | undefined
}

interface Declaration {
  readonly name: string
  text: string
}

const LINE_WIDTH = 110
/** A union within another type that is longer gets a name of its own. */
const LONGEST_INNER = 60
/** What the types themselves are made with. */
const TAKEN = ['Record', 'Uint8Array']

/** Declarations of TypeScript, formatted as Biome does with this project's settings. */
export class TypeFile {
  private readonly declarations: Declaration[] = []
  /** What has been declared: a type may contain itself. */
  private readonly names = new Map<unknown, string>()
  private readonly taken = new Set(TAKEN)

  /** The name of what is declared already. */
  nameOf(key: unknown): string | undefined {
    return this.names.get(key)
  }

  /** @param suggestions names in the order of preference, the last one may get a number */
  interface(
    key: unknown,
    suggestions: readonly string[],
    doc: string | undefined,
    properties: (name: string) => readonly TypeProperty[],
  ): string {
    return this.declare(key, suggestions, (name) => {
      const members = properties(name)
      const head = docLines(doc, '')
      if (members.length === 0) return `${head}export type ${name} = Record<string, never>`
      return `${head}export interface ${name} {\n${members.map(propertyLines).join('\n')}\n}`
    })
  }

  alias(
    key: unknown,
    suggestions: readonly string[],
    doc: string | undefined,
    type: (name: string) => TypeText,
  ): string {
    return this.declare(
      key,
      suggestions,
      (name) => `${docLines(doc, '')}${typeLines(`export type ${name} =`, type(name), '  ')}`,
    )
  }

  private declare(key: unknown, suggestions: readonly string[], write: (name: string) => string): string {
    const known = this.names.get(key)
    if (known !== undefined) return known
    const name = this.freeName(suggestions)
    this.names.set(key, name)
    const declaration = { name, text: '' }
    this.declarations.push(declaration)
    declaration.text = write(name)
    const twin = this.twinOf(declaration)
    if (twin === undefined) return name
    this.declarations.splice(this.declarations.indexOf(declaration), 1)
    this.taken.delete(name)
    this.names.set(key, twin.name)
    return twin.name
  }

  /** The same type that another schema has too, unless something refers to this one already. */
  private twinOf({ name, text }: Declaration): Declaration | undefined {
    const own = new RegExp(`\\b${name.replaceAll('$', '\\$')}\\b`, 'g')
    const others = this.declarations.filter((each) => each.name !== name)
    if (others.some((each) => each.text.match(own) !== null)) return undefined
    return others.find((each) => each.text === text.replaceAll(own, each.name))
  }

  private freeName(suggestions: readonly string[]): string {
    const names = suggestions.map(pascalCase)
    const last = names.at(-1)!
    let name = names.find((each) => !this.taken.has(each))
    for (let number = 2; name === undefined; number++) {
      if (!this.taken.has(`${last}${number}`)) name = `${last}${number}`
    }
    this.taken.add(name)
    return name
  }

  /** A type as a part of another one, such as the items of an array; a long union is declared. */
  inner(type: TypeText, name: string): string {
    const text = type.join(' | ')
    if (type.length === 1) return text
    return text.length > LONGEST_INNER ? this.alias({}, [name], undefined, () => type) : `(${text})`
  }

  toString(): string {
    return `${this.declarations.map(({ text }) => text).join('\n\n')}\n`
  }
}

/** Types without repetitions; what may be anything is nothing else besides. */
export function unionOf(types: readonly TypeText[]): TypeText {
  const all = [...new Set(types.flat())]
  if (all.includes('unknown')) return ['unknown']
  const some = all.filter((each) => each !== 'never')
  return some.length === 0 ? ['never'] : some
}

/** A name for a type: `flight_leg` and `flight-leg` are `FlightLeg`. */
function pascalCase(text: string): string {
  const words = text.split(/[^A-Za-z0-9$]+/).filter((word) => word !== '')
  const name = words.map((word) => word[0]!.toUpperCase() + word.slice(1)).join('')
  return /^[A-Za-z$]/.test(name) ? name : `Type${name}`
}

/** A text as a literal, with the quotes that need fewer escapes. */
export function literal(text: string): string {
  const escaped = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"')
  const [single, double] = [/'/g, /"/g].map((quote) => escaped.match(quote)?.length ?? 0)
  return single! > double! ? `"${escaped.replaceAll('"', '\\"')}"` : `'${escaped.replaceAll("'", "\\'")}'`
}

const IDENTIFIER = /^[A-Za-z_$][\w$]*$/

function propertyLines({ name, type, optional, doc }: TypeProperty): string {
  const key = IDENTIFIER.test(name) ? name : literal(name)
  return docLines(doc, '  ') + typeLines(`  ${key}${optional ? '?' : ''}:`, type, '    ')
}

function typeLines(head: string, type: TypeText, indent: string): string {
  const line = `${head} ${type.join(' | ')}`
  if (type.length === 1 || line.length <= LINE_WIDTH) return line
  return [head, ...type.map((each) => `${indent}| ${each}`)].join('\n')
}

function docLines(doc: string | undefined, indent: string): string {
  const lines = (doc ?? '')
    .replaceAll('*/', '*\\/')
    .split('\n')
    .map((line) => line.trim())
  while (lines.at(-1) === '') lines.pop()
  if (lines.length === 0) return ''
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`
}
