import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PROJECT } from './packed-package.js'

/** The blocks of TypeScript in the README. */
export async function readmeCode(): Promise<string[]> {
  const text = await readFile(join(PROJECT, 'README.md'), 'utf8')
  return [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code]) => code!)
}
