import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageRoot } from '../src/testing/local-server/package-file.js'
import { requireJava } from '../src/testing/local-server/prerequisites.js'
import { benchAsync, isFastEnough } from './async/async-bench.js'
import { ASYNC_USAGE, parseAsyncOptions } from './async/async-options.js'
import { bench } from './bench.js'
import { UsageError } from './command-line.js'
import { benchLatency, isQuick } from './latency/latency-bench.js'
import { LATENCY_USAGE, parseLatencyOptions } from './latency/latency-options.js'
import { benchMemory, isBounded } from './memory/memory-bench.js'
import { MEMORY_USAGE, parseMemoryOptions } from './memory/memory-options.js'
import { parseOptions, USAGE } from './options.js'
import { benchParallel, isEven } from './parallel/parallel-bench.js'
import { PARALLEL_USAGE, parseParallelOptions } from './parallel/parallel-options.js'
import { benchRebalance, isSmooth, rebalanceText } from './rebalance/rebalance-bench.js'
import { parseRebalanceOptions, REBALANCE_USAGE } from './rebalance/rebalance-options.js'
import { jsonReport } from './report.js'
import { benchRestore, restoreText } from './restore/restore-bench.js'
import { parseRestoreOptions, RESTORE_USAGE } from './restore/restore-options.js'
import { benchScaling, type ScalingResult } from './scaling/scaling-bench.js'
import { parseScalingOptions, SCALING_USAGE } from './scaling/scaling-options.js'
import { scalingPlot } from './scaling/scaling-plot.js'
import { scalingTable, withTable } from './scaling/scaling-table.js'
import { areFastEnough, benchSerdes, serdesTable } from './serdes/serdes-bench.js'
import { parseSerdesOptions, SERDES_USAGE } from './serdes/serdes-options.js'
import { versions } from './versions.js'
import { benchWatermarks, isCheap } from './watermarks/watermarks-bench.js'
import { parseWatermarksOptions, WATERMARKS_USAGE } from './watermarks/watermarks-options.js'

/** What can be measured besides the workloads: each takes the arguments after its name. */
const OTHERS: Readonly<Record<string, (args: readonly string[], signal: AbortSignal) => Promise<number>>> = {
  restore: measureRestore,
  rebalance: measureRebalance,
  memory: measureMemory,
  latency: measureLatency,
  parallel: measureParallel,
  scaling: measureScaling,
  async: measureAsync,
  watermarks: measureWatermarks,
  serdes: measureSerdes,
}

const USAGES = [
  USAGE,
  RESTORE_USAGE,
  REBALANCE_USAGE,
  MEMORY_USAGE,
  LATENCY_USAGE,
  PARALLEL_USAGE,
  SCALING_USAGE,
  ASYNC_USAGE,
  WATERMARKS_USAGE,
  SERDES_USAGE,
]

/** The command `npm run bench`; gives its exit code: 1 where results differ or the bench fails, 2 for a wrong use. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    if (process.platform !== 'linux') throw new UsageError('the benchmark reads /proc, so it needs Linux')
    const other = OTHERS[args[0] ?? '']
    return await (other === undefined
      ? measureWorkloads(args, interruption())
      : other(args.slice(1), interruption()))
  } catch (error) {
    if (!(error instanceof UsageError)) throw error
    console.error(`${error.message}\nusage: ${USAGES.join('\n       ')}`)
    return 2
  }
}

async function measureWorkloads(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = parseOptions(args)
  const projectRoot = packageRoot()
  const measured = await versions(projectRoot, await requireJava())
  const reports = await bench(projectRoot, options, signal, console.log)
  await writeJson(options.json, jsonReport(measured, reports))
  return reports.every((report) => report.resultsEqual) ? 0 : 1
}

async function measureRestore(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = parseRestoreOptions(args)
  const projectRoot = packageRoot()
  const measured = await versions(projectRoot, await requireJava())
  const report = await benchRestore(projectRoot, options, signal, console.log)
  console.log(`\n${restoreText(report)}`)
  await writeJson(options.json, { versions: measured, restore: report })
  return 0
}

async function measureRebalance(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = parseRebalanceOptions(args)
  const report = await benchRebalance(options, signal, console.log)
  console.log(`\n${rebalanceText(report)}`)
  await writeJson(options.json, { rebalance: report })
  return isSmooth(report) ? 0 : 1
}

async function measureMemory(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = parseMemoryOptions(args)
  const measurements = await benchMemory(options, signal, console.log)
  await writeJson(options.json, { memory: measurements })
  return measurements.every(isBounded) ? 0 : 1
}

async function measureLatency(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = parseLatencyOptions(args)
  const projectRoot = packageRoot()
  const measured = await versions(projectRoot, await requireJava())
  const reports = await benchLatency(projectRoot, options, signal, console.log)
  await writeJson(options.json, { versions: measured, latency: reports })
  return reports.every(isQuick) ? 0 : 1
}

async function measureParallel(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = parseParallelOptions(args)
  const reports = await benchParallel(options, signal, console.log)
  await writeJson(options.json, { parallel: reports })
  return reports.every(isEven) ? 0 : 1
}

async function measureScaling(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = parseScalingOptions(args)
  const results = await benchScaling(options, signal, console.log)
  console.log(`\n${scalingTable(results)}`)
  if (options.docs !== undefined) await writeScaling(options.docs, results)
  await writeJson(options.json, { scaling: results })
  return 0
}

async function measureAsync(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = parseAsyncOptions(args)
  const measurements = await benchAsync(options, signal, console.log)
  await writeJson(options.json, { async: measurements })
  return measurements.every(isFastEnough) ? 0 : 1
}

async function measureWatermarks(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = parseWatermarksOptions(args)
  const reports = await benchWatermarks(options, signal, console.log)
  await writeJson(options.json, { watermarks: reports })
  return reports.every(isCheap) ? 0 : 1
}

async function measureSerdes(args: readonly string[], signal: AbortSignal): Promise<number> {
  const options = parseSerdesOptions(args)
  const reports = await benchSerdes(options, signal)
  console.log(serdesTable(reports))
  await writeJson(options.json, { serdes: reports })
  return areFastEnough(reports) ? 0 : 1
}

/** Puts the table into `scaling.md` of a folder, and the plot beside it. */
async function writeScaling(folder: string, results: readonly ScalingResult[]): Promise<void> {
  const document = join(folder, 'scaling.md')
  await writeFile(document, withTable(await readFile(document, 'utf8'), scalingTable(results)))
  await writeFile(join(folder, 'scaling.svg'), scalingPlot(results))
}

async function writeJson(file: string | undefined, content: object): Promise<void> {
  if (file !== undefined) await writeFile(file, `${JSON.stringify(content, null, 2)}\n`)
}

/** Ctrl-C and SIGTERM stop runners and broker in order; what they interrupt rejects with the abort's reason. */
function interruption(): AbortSignal {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => controller.abort(new Error(`stopped by ${signal}`)))
  }
  return controller.signal
}
