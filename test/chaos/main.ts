import { writeFile } from 'node:fs/promises'
import { chaos } from './chaos.js'
import { parseOptions, USAGE, UsageError } from './options.js'

/** The command `npm run chaos`; gives its exit code: 1 where a guarantee does not hold, 2 for a wrong use. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    const options = parseOptions(args)
    const report = await chaos(options, console.log)
    const text = JSON.stringify(report, null, 2)
    console.log(text)
    if (options.json !== undefined) await writeFile(options.json, `${text}\n`)
    return report.failures.length === 0 ? 0 : 1
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`${error.message}\nusage: ${USAGE}`)
    return 2
  }
}
