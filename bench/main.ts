import { writeFile } from 'node:fs/promises'
import { packageRoot } from '../src/testing/kafka-broker/package-file.js'
import { requireJava } from '../src/testing/kafka-broker/prerequisites.js'
import { bench } from './bench.js'
import { type BenchOptions, parseOptions, USAGE, UsageError } from './options.js'
import { jsonReport } from './report.js'
import { versions } from './versions.js'

/** The command `npm run bench`; gives its exit code: 1 where results differ or the bench fails, 2 for a wrong use. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    return await run(parseOptions(args), interruption())
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`${error.message}\nusage: ${USAGE}`)
    return 2
  }
}

async function run(options: BenchOptions, signal: AbortSignal): Promise<number> {
  if (process.platform !== 'linux') throw new UsageError('the benchmark reads /proc, so it needs Linux')
  const projectRoot = packageRoot()
  const measured = await versions(projectRoot, await requireJava())
  const reports = await bench(projectRoot, options, signal, console.log)
  if (options.json !== undefined) {
    await writeFile(options.json, `${JSON.stringify(jsonReport(measured, reports), null, 2)}\n`)
  }
  return reports.every((report) => report.resultsEqual) ? 0 : 1
}

/** Ctrl-C and SIGTERM stop runners and broker in order; what they interrupt rejects with the abort's reason. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort(new Error(`stopped by ${signal}`)))
  }
  return controller.signal
}
