import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { npm } from './npm.js'

export const PROJECT = join(import.meta.dirname, '../../..')

/** The package as `npm pack` makes it of what is built, in a directory of its own. */
export class PackedPackage implements AsyncDisposable {
  private constructor(
    private readonly directory: string,
    readonly tarball: string,
    /** The paths of what ships. */
    readonly files: readonly string[],
  ) {}

  static async make(): Promise<PackedPackage> {
    const directory = await mkdtemp(join(tmpdir(), 'millrace-package-'))
    // Without prepack: what is built is being tested.
    const args = ['pack', '--json', '--ignore-scripts', '--pack-destination', directory]
    const output = JSON.parse(await npm(PROJECT, args)) as PackOutput[] | Record<string, PackOutput>
    // A list, or from npm 12 on an object by the names of the packages.
    const { filename, files } = Object.values(output)[0]!
    return new PackedPackage(
      directory,
      join(directory, filename),
      files.map(({ path }) => path),
    )
  }

  /** What one of its files says; npm packs it as it is. */
  read(path: string): Promise<string> {
    if (!this.files.includes(path)) throw new Error(`${path} is not in the package`)
    return readFile(join(PROJECT, path), 'utf8')
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.directory, { recursive: true, force: true })
  }
}

interface PackOutput {
  readonly filename: string
  readonly files: readonly { readonly path: string }[]
}
