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

/** A file that ships beside the sources of the broker and is not compiled, such as its `pom.xml`. */
export const brokerFile = (name: string): string =>
  join(packageRoot(), 'src', 'testing', 'kafka-broker', name)
