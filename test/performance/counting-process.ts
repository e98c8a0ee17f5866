import { execFileSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * What a program that counts heap bytes prints, run in a process whose young generation holds a whole measurement: so
 * nothing is collected in between, and neither the clock nor other work on the machine changes the counts.
 *
 * @param program relative to this folder
 */
export function countedBy(program: string, ...args: string[]): unknown {
  const counted = execFileSync(process.execPath, [
    '--expose-gc',
    '--max-semi-space-size=64',
    '--min-semi-space-size=64',
    fileURLToPath(new URL(program, import.meta.url)),
    ...args,
  ])
  return JSON.parse(counted.toString())
}
