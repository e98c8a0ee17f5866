import { posix } from 'node:path'

const COMMENT = /\/\*[\s\S]*?\*\//g
const REFERENCE = /(?:from|import|import\(|new URL\()\s*'(\.[^']+)'/g
const PACKAGE =
  /(?:(?<!['"])from|import|import\(|(?<![.\w])require\(|import\.meta\.url\)\()\s*['"]([^.'"][^'"]*)['"]/g

/** Where the types of a module are. */
export const typesOf = (module: string): string => module.replace(/\.js$/, '.d.ts')

/**
 * The compiled modules that can be reached from some, those included: by imports of the code or of the types, and as
 * threads (`new URL(...)`). A module that only has types is one as well.
 */
export async function reachableModules(
  entries: readonly string[],
  read: (path: string) => Promise<string>,
): Promise<ReadonlySet<string>> {
  const reached = new Set<string>()
  const visit = async (module: string): Promise<void> => {
    if (reached.has(module)) return
    reached.add(module)
    const texts = await Promise.all([read(module), read(typesOf(module))])
    for (const [, relative] of texts.join('\n').replaceAll(COMMENT, '').matchAll(REFERENCE)) {
      await visit(posix.join(posix.dirname(module), relative!))
    }
  }
  for (const entry of entries) await visit(entry)
  return reached
}

/** The packages that code or declarations name, those of Node left out. */
export function packagesOf(text: string): string[] {
  const names = [...text.replaceAll(COMMENT, '').matchAll(PACKAGE)].map(([, specifier]) => specifier!)
  return names
    .filter((specifier) => !specifier.startsWith('node:'))
    .map((specifier) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)![0])
}
