/*
 * Compares backends for local state on the access patterns that stores have: what made classic-level the default.
 *
 *   node dist/bench/micro/state-backends.js [rows]
 *
 * lmdb is measured if it is installed (`npm i --no-save lmdb`); it is no dependency.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ClassicLevelStateDatabase } from '../../src/state/classic-level-state-database.js'
import { WriteBatch } from '../../src/state/write-batch.js'

interface Subject {
  readonly name: string
  get(key: Buffer): Uint8Array | undefined
  write(batch: WriteBatch): Promise<unknown>
  scan(start: Buffer, end: Buffer): Promise<number>
  close(): Promise<void>
}

const rows = Number(process.argv[2] ?? 200_000)
const EPOCH_ROWS = 5000

async function classicLevel(directory: string): Promise<Subject> {
  const database = await ClassicLevelStateDatabase.open(directory)
  return {
    name: 'classic-level',
    get: (key) => database.get(key),
    write: (batch) => database.write(batch),
    async scan(start, end) {
      let count = 0
      for await (const { keys } of database.scan({ start, end })) count += keys.length
      return count
    },
    close: () => database.close(),
  }
}

/** The part of lmdb's interface that is measured. */
interface Lmdb {
  getBinary(key: Buffer): Buffer | undefined
  put(key: Buffer, value: Buffer): void
  remove(key: Buffer): void
  batch(work: () => void): Promise<unknown>
  getKeysCount(range: { start: Buffer; end: Buffer }): number
  getRange(range: { start: Buffer; end: Buffer }): Iterable<unknown>
  close(): Promise<void>
}

async function lmdb(directory: string): Promise<Subject | undefined> {
  const specifier = 'lmdb'
  const module = (await import(specifier).catch(() => undefined)) as
    | { open(options: object): Lmdb }
    | undefined
  if (module === undefined) return undefined
  const database = module.open({
    path: directory,
    keyEncoding: 'binary',
    encoding: 'binary',
    compression: false,
  })
  return {
    name: 'lmdb',
    get: (key) => database.getBinary(key),
    write: (batch) => database.batch(() => apply(database, batch)),
    async scan(start, end) {
      let count = 0
      for (const _ of database.getRange({ start, end })) count++
      return count
    },
    close: () => database.close(),
  }
}

function apply(database: Lmdb, batch: WriteBatch): void {
  const { buffer } = batch.bytes
  for (let operation = 0; operation < batch.length; operation++) {
    const key = buffer.subarray(batch.keyStart(operation), batch.keyEnd(operation))
    const valueEnd = batch.valueEnd(operation)
    if (valueEnd < 0) database.remove(key)
    else database.put(key, buffer.subarray(batch.valueStart(operation), valueEnd))
  }
}

/** A pseudo-random order of the numbers below `count`, without repetition. */
const scattered = (index: number, count: number): number => (index * 7_368_787) % count

const userKey = (user: number): Buffer => Buffer.from(`\x00\x01\x01user-${String(user).padStart(8, '0')}`)

function windowKey(start: number, user: number): Buffer {
  const key = Buffer.alloc(24)
  key.writeUInt16BE(1)
  key[2] = 1
  key.writeBigInt64BE(BigInt(start), 3)
  key.write(`user-${String(user).padStart(8, '0')}`, 11)
  return key
}

const smallValue = Buffer.from('timestmp{"flights":123,"delay":45678}')
const bucket = Buffer.alloc(600, 'b')

interface Access {
  readonly name: string
  /** Reads what row `index` needs; returns the key and value that it writes. */
  step(subject: Subject, index: number): readonly [key: Buffer, value: Buffer]
}

const accesses: readonly Access[] = [
  {
    name: 'count: get miss, put',
    step(subject, index) {
      const key = userKey(scattered(index, rows))
      subject.get(key)
      return [key, smallValue]
    },
  },
  {
    name: 'count: get hit, put',
    step(subject, index) {
      const key = userKey(scattered(index, rows))
      subject.get(key)
      return [key, smallValue]
    },
  },
  {
    name: 'window: put by time',
    step: (_subject, index) => [windowKey(Math.floor(index / 10_000) * 60_000, index % 10_000), smallValue],
  },
  {
    name: 'session, join: bucket row',
    step(subject, index) {
      const key = windowKey(1e9 + Math.floor(index / rows), scattered(index, Math.ceil(rows / 20)))
      subject.get(key)
      return [key, bucket]
    },
  },
]

async function measure(subject: Subject, { name, step }: Access): Promise<void> {
  const batch = new WriteBatch()
  const cpu = process.cpuUsage()
  const begun = performance.now()
  let onThread = 0
  for (let index = 0; index < rows; ) {
    const sliceBegun = performance.now()
    batch.clear()
    for (let count = 0; count < EPOCH_ROWS && index < rows; count++, index++) {
      const [key, value] = step(subject, index)
      batch.add(key, value)
    }
    const written = subject.write(batch)
    onThread += performance.now() - sliceBegun
    await written
  }
  report(subject.name, name, rows, performance.now() - begun, onThread, process.cpuUsage(cpu))
}

async function measureScan(subject: Subject): Promise<void> {
  const cpu = process.cpuUsage()
  const begun = performance.now()
  const count = await subject.scan(Buffer.from([0, 1]), Buffer.from([0, 2]))
  report(subject.name, 'scan', count, performance.now() - begun, 0, process.cpuUsage(cpu))
}

function report(
  subject: string,
  access: string,
  count: number,
  elapsed: number,
  onThread: number,
  cpu: NodeJS.CpuUsage,
): void {
  const rate = (count / elapsed / 1000).toFixed(2)
  const thread = ((onThread * 1000) / count).toFixed(2)
  const total = ((cpu.user + cpu.system) / count).toFixed(2)
  console.log(
    `${subject.padEnd(14)} ${access.padEnd(26)} ${rate} M/s  thread ${thread} us/row  CPU ${total} us/row`,
  )
}

for (const open of [classicLevel, lmdb]) {
  const directory = mkdtempSync(join(tmpdir(), 'millrace-backends-'))
  const subject = await open(directory)
  if (subject === undefined) console.log('lmdb is not installed')
  else {
    for (const access of accesses) await measure(subject, access)
    await measureScan(subject)
    await subject.close()
  }
  rmSync(directory, { recursive: true, force: true })
}
