import assert from 'node:assert/strict'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, open, readdir, rm, statfs, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe } from 'node:test'
import { type KafkaStreams, StreamsBuilder, string, type Topology } from '../../../src/index.js'
import { ClassicLevelStateDatabase } from '../../../src/state/classic-level-state-database.js'
import { WriteBatch } from '../../../src/state/write-batch.js'
import { assertCounted, assertCountedAnew, countingApplication, numbered } from '../../support/counting.js'
import { assertRow, situation } from '../../support/error-table.js'
import { failureOf, startFailureOf, warningsOfCode } from '../../support/failure.js'
import type { TestApplication } from '../../support/test-application.js'

const RECORDS = numbered(200)
const FIRST = RECORDS.slice(0, 100)
const SECOND = RECORDS.slice(100)

const directoryOf = (app: TestApplication): string => join(app.options().stateDir!, app.applicationId)

/** An application that has counted `FIRST` and was closed. */
async function closedApplication() {
  const started = await countingApplication()
  const { app, input, topology } = started
  await app.client.write(input, FIRST)
  const streams = await app.started(topology)
  await app.committed(input)
  await streams.close()
  return started
}

/** What it counts after a restart, `SECOND` and all before, is exact. */
async function countsAll({ app, input, output, topology }: Awaited<ReturnType<typeof closedApplication>>) {
  app.failures.length = 0
  await app.client.write(input, SECOND)
  await app.started(topology)
  await app.committed(input)
  await assertCounted(app, output, RECORDS)
}

describe('a state directory', () => {
  situation('a state directory that another process uses', async (row) => {
    const application = await closedApplication()
    const { app, topology } = application
    await using _ = app
    const module = new URL('../../../src/state/state-directory.js', import.meta.url).href
    const hold = `
      const { StateDirectory } = await import(${JSON.stringify(module)})
      globalThis.held = await StateDirectory.open(${JSON.stringify(app.options().stateDir)}, '${app.applicationId}')
      process.stdout.write('held')
      process.stdin.resume().on('end', () => process.exit())`
    const other = spawn(process.execPath, ['--input-type=module', '--eval', hold], {
      stdio: ['pipe', 'pipe', 'inherit'],
    })
    await once(other.stdout, 'data')
    const error = await startFailureOf(app.streams(topology))
    assertRow(error, row)
    assert.ok(error.message.includes(directoryOf(app)))
    other.stdin.end()
    await once(other, 'exit')
    await countsAll(application)
  })

  situation('a state directory of another format', async (row) => {
    const application = await closedApplication()
    const { app, topology } = application
    await using _ = app
    const path = join(directoryOf(app), 'meta')
    const meta = await ClassicLevelStateDatabase.open(path)
    const batch = new WriteBatch()
    batch.add(Buffer.from('formatVersion'), Buffer.from('99'))
    await meta.write(batch)
    await meta.close()
    const error = await startFailureOf(app.streams(topology))
    assertRow(error, row)
    await app.deleteState()
    await countsAll(application)
  })

  situation('a full disk', async (row) => {
    const application = await countingApplication({}, { partitions: 1 })
    const { app, input, output, topology } = application
    await using _ = app
    using disk = await SmallDisk.at(app.options().stateDir!)
    await app.client.write(input, FIRST)
    const streams = await app.started(topology)
    await app.committed(input)
    const failed = failureOf(streams)
    await disk.fill()
    // More than the page that is begun takes.
    const more = numbered(5000, { keys: 5000, from: 1000 })
    await app.client.write(input, more)
    const error = await failed
    assertRow(error, row)
    assert.ok(error.message.includes(join(directoryOf(app), 'tasks', '0_0')))
    await disk.free()
    app.failures.length = 0
    await app.client.write(input, SECOND)
    await app.started(topology)
    await app.committed(input)
    await assertCounted(app, output, [...RECORDS, ...more])
  })
})

/** A disk that can be full: a small file system in memory where we may mount one, else a limit on the size of files. */
class SmallDisk implements Disposable {
  private constructor(
    private readonly path: string,
    private readonly mounted: boolean,
  ) {}

  static async at(path: string): Promise<SmallDisk> {
    await mkdir(path, { recursive: true })
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=16m', 'tmpfs', path], { stdio: 'ignore' })
      return new SmallDisk(path, true)
    } catch {
      return new SmallDisk(path, false)
    }
  }

  private get ballast(): string {
    return join(this.path, 'ballast')
  }

  async fill(): Promise<void> {
    if (!this.mounted) return this.limitFiles('1024')
    const { bavail, bsize } = await statfs(this.path)
    await writeFile(this.ballast, Buffer.alloc(bavail * bsize))
  }

  async free(): Promise<void> {
    if (this.mounted) await rm(this.ballast)
    else this.limitFiles('unlimited')
  }

  /** With a listener, a write beyond the limit fails instead of ending the process. */
  private limitFiles(bytes: string): void {
    process.on('SIGXFSZ', ignore)
    execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`])
  }

  [Symbol.dispose](): void {
    if (this.mounted) execFileSync('umount', ['-l', this.path])
    else process.off('SIGXFSZ', ignore)
  }
}

const ignore = (): void => {}

/** The files of a kind of the tasks' databases. */
async function filesOf(app: TestApplication, kind: RegExp): Promise<string[]> {
  const tasks = join(directoryOf(app), 'tasks')
  const names = await readdir(tasks, { recursive: true })
  return names.filter((name) => kind.test(name)).map((name) => join(tasks, name))
}

/** Inverts some bytes in the middle of a file. */
async function flip(path: string): Promise<void> {
  const file = await open(path, 'r+')
  const { size } = await file.stat()
  const bytes = Buffer.alloc(Math.min(16, size))
  const at = Math.floor((size - bytes.length) / 2)
  await file.read(bytes, 0, bytes.length, at)
  await file.write(
    bytes.map((byte) => byte ^ 0xff),
    0,
    bytes.length,
    at,
  )
  await file.close()
}

async function truncate(path: string): Promise<void> {
  const file = await open(path, 'r+')
  const { size } = await file.stat()
  await file.truncate(Math.floor(size / 2))
  await file.close()
}

const DAMAGES: readonly [string, RegExp, (path: string) => Promise<void>][] = [
  ['a local database whose manifest is truncated', /MANIFEST-\d+$/, truncate],
  ['a local database of which a file is missing', /CURRENT$/, (path) => rm(path)],
  ['a local database with flipped bytes in its log', /\.log$/, flip],
  ['a local database with flipped bytes in a table', /\.ldb$/, flip],
]

describe('a local database', () => {
  for (const [name, kind, damage] of DAMAGES) {
    situation(name, async (row) => {
      assert.equal(row.outcome, 'goes on')
      const application = await closedApplication()
      const { app, input, output, topology } = application
      await using _ = app
      // Opening turns the log of the time before into a table.
      const reopened = await app.started(topology)
      await app.until('it runs', () => reopened.state === 'running')
      await app.client.write(input, SECOND)
      await app.committed(input)
      await reopened.close()
      const files = await filesOf(app, kind)
      assert.ok(files.length > 0)
      for (const file of files) await damage(file)
      const streams = app.streams(topology)
      const warnings = warningsOfCode(streams, row.code)
      await streams.start()
      await app.client.write(input, FIRST)
      await app.committed(input)
      await assertCounted(app, output, [...RECORDS, ...FIRST])
      assert.ok(warnings.length > 0)
      for (const warning of warnings) assertRow(warning, row)
      const rows = await streams.store<string, number>('counts').all()
      assert.deepEqual(new Set(rows.map(({ value }) => value)), new Set([30]))
    })
  }
})

const renamed = (input: string, output: string): Topology => {
  const builder = new StreamsBuilder()
  builder
    .stream(input, { key: string(), value: string() })
    .groupByKey()
    .count({ store: 'totals' })
    .toStream()
    .mapValues(String)
    .to(output, { value: string() })
  return builder.build()
}

async function runFailure(streams: KafkaStreams) {
  const failed = failureOf(streams)
  await streams.start()
  return failed
}

describe('a topology that keeps other state', () => {
  situation('local state of another topology', async (row) => {
    const application = await closedApplication()
    const { app, input, output } = application
    await using _ = app
    assertRow(await runFailure(app.streams(renamed(input, output))), row)
    await countsAll(application)
  })

  situation('committed offsets of another topology', async (row) => {
    const application = await closedApplication()
    const { app, input, output } = application
    await using _ = app
    await app.deleteState()
    const committed = await app.committedOffsets(input)
    assertRow(await runFailure(app.streams(renamed(input, output))), row)
    assert.deepEqual(await app.committedOffsets(input), committed)
    await app.deleteState()
    await countsAll(application)
  })

  situation('a group that runs another topology', async (row) => {
    const { app, input, output, topology } = await countingApplication()
    await using _ = app
    const running = await app.started(topology, {}, 'one')
    await app.until('it runs', () => running.state === 'running')
    assertRow(await runFailure(app.streams(renamed(input, output), {}, 'two')), row)
    await app.client.write(input, FIRST)
    app.failures.length = 0
    await app.committed(input)
    assert.equal(running.state, 'running')
    await assertCounted(app, output, FIRST)
  })

  situation('offsets that have expired', async (row) => {
    const { app, input, output, topology } = await closedApplication()
    await using _ = app
    await app.client.admin.deleteGroup(app.applicationId)
    assertRow(await runFailure(app.streams(topology)), row)
    await assertCounted(app, output, FIRST)
    await app.reset(['counts-changelog'])
    await app.started(topology)
    await app.committed(input)
    await assertCountedAnew(app, output, FIRST)
  })
})
