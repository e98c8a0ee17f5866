import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The directory of this package: the nearest one above this module with a `package.json`. */
export const packageRoot = (): string => {
  let directory = dirname(fileURLToPath(import.meta.url))
  while (!existsSync(join(directory, 'package.json'))) {
    const parent = dirname(directory)
    if (parent === directory) throw new Error(`no package.json above ${fileURLToPath(import.meta.url)}`)
    directory = parent
  }
  return directory
}

/** A file beside the sources of a server that is not compiled, such as its `pom.xml`. */
export const serverFile = (server: string, name: string): string =>
  join(packageRoot(), 'src', 'testing', server, name)
