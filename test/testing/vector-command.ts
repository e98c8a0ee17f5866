import { resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { loadVector, vectorNames } from './vector.js'
import { firstDifference } from './vector-run.js'

const USAGE = 'npm run vectors -- DIRECTORY [--area AREA]'

/**
 * Runs every vector in a directory and reports on standard output; nothing is skipped.
 *
 * @returns the exit code: 0 only where something passed and nothing failed
 */
export async function main(args: readonly string[]): Promise<number> {
  const { positionals, values } = parseArgs({
    args: [...args],
    options: { area: { type: 'string' } },
    allowPositionals: true,
  })
  const [directory, ...more] = positionals
  if (directory === undefined || more.length > 0) throw new Error(`one directory is expected: ${USAGE}`)
  let passed = 0
  let failed = 0
  for (const name of vectorNames(resolve(directory))) {
    const failure = await failureOf(resolve(directory), name, values.area)
    if (failure === OTHER_AREA) continue
    if (failure === undefined) passed++
    else failed++
    if (failure !== undefined) console.log(`FAILED ${name}: ${failure}`)
  }
  console.log(`${passed} passed, ${failed} failed`)
  return passed > 0 && failed === 0 ? 0 : 1
}

const OTHER_AREA = Symbol('of another area')

async function failureOf(
  directory: string,
  name: string,
  area: string | undefined,
): Promise<string | undefined | typeof OTHER_AREA> {
  try {
    const vector = loadVector(directory, name)
    if (area !== undefined && vector.area !== area) return OTHER_AREA
    return await firstDifference(vector)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
