import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmod, cp, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { npm } from './npm.js'
import { PackedPackage, PROJECT } from './packed-package.js'

const run = promisify(execFile)

const MANIFEST = { name: 'application', version: '1.0.0', private: true, type: 'module' }

/** How TypeScript finds modules in a project. */
export type Resolution = 'node16' | 'bundler'

/** A project that was empty before the packed package was installed in it, from outside of this repository. */
export class InstalledPackage implements AsyncDisposable {
  private sealed = false

  private constructor(readonly directory: string) {}

  static async make(): Promise<InstalledPackage> {
    await using packed = await PackedPackage.make()
    const installed = new InstalledPackage(await mkdtemp(join(tmpdir(), 'millrace-installed-')))
    await installed.write('package.json', JSON.stringify(MANIFEST))
    await copyDependencies(installed.directory)
    await npm(installed.directory, [
      'install',
      '--offline',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      packed.tarball,
    ])
    return installed
  }

  write(name: string, text: string): Promise<void> {
    return writeFile(join(this.directory, name), text)
  }

  /** Compiles a module of the project, the types of all packages checked too; throws with what TypeScript says. */
  async compile(name: string, resolution: Resolution): Promise<void> {
    const compilerOptions = {
      target: 'es2022',
      module: resolution === 'bundler' ? 'preserve' : resolution,
      moduleResolution: resolution,
      strict: true,
      skipLibCheck: false,
    }
    await this.write('tsconfig.json', JSON.stringify({ compilerOptions, files: [name] }))
    const compiler = join(PROJECT, 'node_modules/typescript/bin/tsc')
    try {
      await run(process.execPath, [compiler, '--project', this.directory])
    } catch (error) {
      throw new Error((error as { stdout: string }).stdout, { cause: error })
    }
  }

  /** Runs a script of the project; throws where it fails. */
  run(name: string): Promise<{ readonly stdout: string; readonly stderr: string }> {
    return run(process.execPath, [name], { cwd: this.directory })
  }

  /** Runs a command of the project's packages, as npx does. */
  async npx(args: readonly string[]): Promise<{ readonly stdout: string }> {
    return { stdout: await npm(this.directory, ['exec', '--offline', '--', ...args]) }
  }

  /** Lets everybody read and run what its owner can, and nobody but root change any of it. */
  async seal(): Promise<void> {
    this.sealed = true
    await changeModes(this.directory, (mode) => ((mode >> 6) & 0o5) * 0o111)
  }

  /** Starts a script of the project. */
  start(name: string): ChildProcess {
    return spawn(process.execPath, [name], { cwd: this.directory, stdio: ['ignore', 'inherit', 'inherit'] })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.sealed) await changeModes(this.directory, (mode) => mode | 0o200)
    await rm(this.directory, { recursive: true, force: true })
  }
}

/** Changes the modes of a directory and of all that is in it. */
async function changeModes(directory: string, change: (mode: number) => number): Promise<void> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const paths = entries
    .filter((entry) => !entry.isSymbolicLink())
    .map(({ parentPath, name }) => join(parentPath, name))
  for (const path of [directory, ...paths]) await chmod(path, change((await stat(path)).mode))
}

interface Lockfile {
  readonly packages: Readonly<
    Record<string, { readonly dev?: true; readonly bin?: Readonly<Record<string, string>> }>
  >
}

/**
 * The packages that a user's npm would fetch for ours, as we have them: so nothing is fetched. What is wanted for
 * development only stays away; npm refuses to install offline where something is missing.
 */
async function copyDependencies(to: string): Promise<void> {
  const lockfile = join(PROJECT, 'node_modules/.package-lock.json')
  const { packages } = JSON.parse(await readFile(lockfile, 'utf8')) as Lockfile
  const production = Object.entries(packages).filter(([, { dev }]) => dev !== true)
  for (const [path, { bin = {} }] of production) {
    await cp(join(PROJECT, path), join(to, path), { recursive: true })
    // Without the links to its commands npm fetches a package anew.
    for (const name of Object.keys(bin)) {
      const link = join('node_modules', '.bin', name)
      await cp(join(PROJECT, link), join(to, link), { verbatimSymlinks: true })
    }
  }
}
