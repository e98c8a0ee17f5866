import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Example } from './example.js'
import { execute } from './execution.js'
import { refusedTable } from './refused.js'
import { withSchemas } from './schemas.js'
import { timeline } from './timeline.js'
import { trace } from './trace.js'

const DOCS = join(import.meta.dirname, '../../../docs')
const REFUSED_PLACE = /(<!-- refused ([a-z/.-]+) -->\n)[\s\S]*?(<!-- end -->)/g
const PLACE = /(<!-- example ([a-z-]+): ([a-z, ]+) -->\n)[\s\S]*?(<!-- end -->)/g

/** A page as it stands, and as its examples say that it should be. */
export interface Page {
  readonly file: string
  readonly present: string
  readonly expected: string
  /** Names of the examples that it shows. */
  readonly examples: readonly string[]
}

/** The names of all examples: of the files in docs/examples. */
export const exampleNames = (): string[] =>
  readdirSync(join(DOCS, 'examples')).map((file) => file.replace(/\.ts$/, ''))

/** All pages in docs. */
export async function pages(): Promise<Page[]> {
  const files = readdirSync(DOCS, { recursive: true }).map(String)
  const found: Page[] = []
  for (const file of files.filter((name) => name.endsWith('.md')).sort()) {
    const path = join(DOCS, file)
    const present = readFileSync(path, 'utf8')
    const examples = [...present.matchAll(PLACE)].map(([, , name]) => name!)
    const expected = await withSchemas(withRefusals(await filled(present, examples)))
    found.push({ file: path, present, expected, examples })
  }
  return found
}

const withRefusals = (page: string): string =>
  page.replace(
    REFUSED_PLACE,
    (_, begin: string, file: string, end: string) => begin + refusedTable(file) + end,
  )

async function filled(page: string, names: readonly string[]): Promise<string> {
  const parts = new Map<string, Parts>()
  for (const name of names) parts.set(name, await partsOf(name))
  return page.replace(PLACE, (_, begin: string, name: string, wanted: string, end: string) => {
    const shown = wanted.split(', ').map((part) => block(part, parts.get(name)![part as keyof Parts]))
    return `${begin}${shown.join('\n')}${end}`
  })
}

interface Parts {
  readonly code: string
  readonly trace: string
  readonly timeline: string
}

async function partsOf(name: string): Promise<Parts> {
  const { default: example }: { default: Example } = await import(`../examples/${name}.js`)
  const moments = await execute(example)
  const parts = { code: code(name), trace: trace(example, moments) }
  // A timeline is drawn where it is asked for: not every example has times that can be drawn.
  return {
    ...parts,
    get timeline() {
      return timeline(example, moments)
    },
  }
}

/** What stands between the imports of an example and its input. */
function code(name: string): string {
  const source = readFileSync(join(DOCS, 'examples', `${name}.ts`), 'utf8')
  const [, shown] = /^import [\s\S]*? from '[^']+'\n\n([\s\S]*?)\nexport default /m.exec(
    source.replace(/^import [\s\S]*(?=^import )/m, ''),
  )!
  return shown!.trimEnd()
}

function block(part: string, text: string | undefined): string {
  if (text === undefined) throw new Error(`an example has a code, a trace and a timeline, but no ${part}`)
  return `\`\`\`${part === 'code' ? 'ts' : 'text'}\n${text}\n\`\`\`\n`
}
