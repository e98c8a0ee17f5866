import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { exampleModule } from './api-examples.mjs'
import { apiPage } from './api-page.mjs'
import { readApi } from './api-reader.mjs'
import { projectRoot } from './project.mjs'

/** The files that are made of doc comments, each with the text that it should have. */
export const apiFiles = (api) =>
  new Map([
    ['docs/api.md', apiPage(api)],
    ['test/docs/generated/api-examples.ts', exampleModule(api)],
  ])

/** Writes the reference and its examples where they have changed; before the build, which compiles the examples. */
export const writeApi = () => {
  for (const [file, text] of apiFiles(readApi())) {
    const path = join(projectRoot, file)
    if (existsSync(path) && readFileSync(path, 'utf8') === text) continue
    writeFileSync(path, text)
    console.log(`wrote ${file}`)
  }
}
