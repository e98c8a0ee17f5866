import { writeFileSync } from 'node:fs'
import { pages } from './pages.js'

/** Writes what the examples give into the pages that show them. */
export async function main(): Promise<boolean> {
  for (const { file, present, expected } of await pages()) {
    if (present === expected) continue
    writeFileSync(file, expected)
    console.log(`wrote ${file}`)
  }
  return true
}
