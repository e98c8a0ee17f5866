import { readFileSync } from 'node:fs'
import { join } from 'node:path'

const ROOT = join(import.meta.dirname, '../../..')
const REFUSED = /^\/\/ @ts-expect-error (.+)\n(\S.*)$/gm

/** A table of the lines of a file that must not compile, each with the reason that stands above it. */
export function refusedTable(file: string): string {
  const source = readFileSync(join(ROOT, file), 'utf8')
  const rows = [...source.matchAll(REFUSED)]
    .filter(([, , code]) => isWhole(code!))
    .map(([, reason, code]) => `| \`${code!.replaceAll('|', '\\|')}\` | ${reason} |\n`)
  return `| code | why it does not compile |\n|---|---|\n${rows.join('')}`
}

/** Whether a statement is on this line alone. */
const isWhole = (code: string): boolean =>
  code.replaceAll(/[^([{]/g, '').length === code.replaceAll(/[^)\]}]/g, '').length
