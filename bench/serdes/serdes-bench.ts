import { median } from '../median.js'
import { flights } from './flights.js'
import {
  type Contender,
  kafkaJsContender,
  type Language,
  libraryContenders,
  MILLRACE,
  millraceContenders,
} from './serde-contenders.js'
import type { SerdesOptions } from './serdes-options.js'

/** So many are written before they are read. */
const MOST_AT_ONCE = 10_000
const WARM_UP_ROUNDS = 10
/** What the Avro serde must do each way, records a second of CPU time. */
const LEAST_RATE = 1_000_000

/** Records a second of CPU time on one thread, medians of the runs. */
export interface SerdeReport {
  readonly language: Language
  readonly by: string
  readonly task: string
  /** Undefined: it only reads. */
  readonly write: number | undefined
  readonly read: number
}

/** Writes and reads the same flights in all ways, in one process, in turn. */
export async function benchSerdes(
  { records, runs }: SerdesOptions,
  signal: AbortSignal,
): Promise<SerdeReport[]> {
  const sample = flights(Math.min(records, MOST_AT_ONCE))
  const rounds = Math.ceil(records / sample.length)
  const contenders = [
    ...millraceContenders(sample),
    ...libraryContenders(sample),
    await kafkaJsContender(sample),
  ]
  const measured = contenders.map((contender) => ({
    contender,
    write: [] as number[],
    read: [] as number[],
  }))
  for (const { contender } of measured) await run(contender, Math.min(rounds, WARM_UP_ROUNDS), sample.length)
  for (let turn = 0; turn < runs; turn++) {
    for (const { contender, write, read } of measured) {
      signal.throwIfAborted()
      const rates = await run(contender, rounds, sample.length)
      if (rates.write !== undefined) write.push(rates.write)
      read.push(rates.read)
    }
  }
  return measured.map(({ contender: { language, by, task }, write, read }) => ({
    language,
    by,
    task,
    write: write.length === 0 ? undefined : median(write),
    read: median(read),
  }))
}

/** Whether the serde is as fast as it has to be. */
export const areFastEnough = (reports: readonly SerdeReport[]): boolean =>
  reports
    .filter(({ language, by, task }) => language === 'avro' && by === MILLRACE && task === '')
    .every(({ write = 0, read }) => Math.min(write, read) >= LEAST_RATE)

async function run(
  { write, read }: Contender,
  rounds: number,
  records: number,
): Promise<{ write: number | undefined; read: number }> {
  const written = write === undefined ? undefined : await rate(write, rounds, records)
  return { write: written, read: await rate(read, rounds, records) }
}

/** Counts CPU time, so that other work on the machine hardly shows. */
async function rate(work: () => Promise<void> | void, rounds: number, records: number): Promise<number> {
  const begin = process.cpuUsage()
  for (let round = 0; round < rounds; round++) await work()
  const { user, system } = process.cpuUsage(begin)
  return (rounds * records * 1e6) / (user + system)
}

const WIDTH = 40

/** A table: rates in million records a second, and how many times the rate the serde of Millrace has. */
export function serdesTable(reports: readonly SerdeReport[]): string {
  const lines = [['', 'write', 'read', 'ours is, write', 'ours is, read']]
  for (const report of reports) {
    const ours = reports.find(
      ({ language, by, task }) => language === report.language && by === MILLRACE && task === report.task,
    )
    const isOther = report.by !== MILLRACE
    lines.push([
      `${report.language}: ${report.by}${report.task === '' ? '' : `, ${report.task}`}`,
      rateText(report.write),
      rateText(report.read),
      isOther ? ratioText(ours?.write, report.write) : '',
      isOther ? ratioText(ours?.read, report.read) : '',
    ])
  }
  return lines
    .map(([name, ...cells]) =>
      [name!.padEnd(WIDTH), ...cells.map((cell) => cell.padStart(16))].join(' ').trimEnd(),
    )
    .join('\n')
}

const rateText = (value: number | undefined): string =>
  value === undefined ? '' : `${(value / 1e6).toFixed(2)} M/s`

const ratioText = (ours: number | undefined, other: number | undefined): string =>
  ours === undefined || other === undefined ? '' : `${(ours / other).toFixed(2)} x`
