import { chmod, chown, cp, mkdir, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join, matchesGlob } from 'node:path'
import { environment } from '../../package/npm.js'
import type { Mounts } from './container.js'
import { PROJECT, readText } from './deploy-files.js'
import { type ImageConfig, type Instruction, imageConfig, parseDockerfile, type Stage } from './dockerfile.js'
import { tool } from './tool.js'

/** What .dockerignore lets through to `COPY . .`: of all files that git knows or would add. */
async function buildContext(): Promise<readonly string[]> {
  const files = await tool('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'])
  const patterns = readText('.dockerignore')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  return files.split('\0').filter((file) => file !== '' && !ignored(file, patterns))
}

/** The last pattern that a file, or a directory that it is in, matches, decides. */
function ignored(file: string, patterns: readonly string[]): boolean {
  const matches = (pattern: string): boolean =>
    matchesGlob(file, pattern) || matchesGlob(file, `${pattern}/**`)
  const last = patterns.findLast((pattern) => matches(pattern.replace(/^!/, '')))
  return last !== undefined && !last.startsWith('!')
}

/** The directories of a stage as it is built. */
class StageFiles {
  private directory = '/'

  constructor(
    private readonly root: string,
    private readonly others: ReadonlyMap<string, StageFiles>,
  ) {}

  path(inside: string): string {
    return join(this.root, inside.startsWith('/') ? inside : join(this.directory, inside))
  }

  async build({ instructions }: Stage): Promise<void> {
    for (const instruction of instructions) await this.follow(instruction)
  }

  private async follow({ keyword, flags, value }: Instruction): Promise<void> {
    if (keyword === 'WORKDIR') await this.enter(value)
    else if (keyword === 'COPY') await this.copy(value.split(/\s+/), flags)
    else if (keyword === 'RUN')
      await tool('sh', ['-ec', value], { directory: this.path('.'), env: environment() })
  }

  private async enter(directory: string): Promise<void> {
    this.directory = directory
    await mkdir(this.path('.'), { recursive: true })
  }

  private async copy(paths: readonly string[], { from, chown: owner }: Instruction['flags']): Promise<void> {
    const to = paths.at(-1)!
    for (const source of paths.slice(0, -1)) {
      if (from !== undefined)
        await cp(this.others.get(from)!.path(source), this.path(to), { recursive: true })
      else if (source === '.') await this.copyContext(to)
      else await cp(join(PROJECT, source), join(this.path(to), source))
    }
    const [uid, gid] = owner?.split(':').map(Number) ?? []
    if (uid !== undefined && process.getuid?.() === 0) await chown(this.path(to), uid, gid!)
  }

  private async copyContext(to: string): Promise<void> {
    for (const file of await buildContext()) {
      const target = join(this.path(to), file)
      await mkdir(dirname(target), { recursive: true })
      await cp(join(PROJECT, file), target)
    }
  }
}

/**
 * What `docker build` would make of the Dockerfile, without Docker: its stages followed in directories of this machine, with
 * the Node.js of this machine in place of the base image.
 */
export class BuiltImage implements AsyncDisposable {
  private constructor(
    private readonly root: string,
    readonly config: ImageConfig,
    /** Where the application is, by its path in the image. */
    readonly mounts: Mounts,
  ) {}

  static async build(): Promise<BuiltImage> {
    const root = await mkdtemp(join(tmpdir(), 'millrace-image-'))
    // The user of the image is another one.
    await chmod(root, 0o755)
    const stages = parseDockerfile(readText('Dockerfile'))
    const files = new Map<string, StageFiles>()
    for (const [index, stage] of stages.entries()) {
      const name = stage.name ?? String(index)
      const built = new StageFiles(join(root, name), files)
      await built.build(stage)
      files.set(name, built)
    }
    const config = imageConfig(stages)
    return new BuiltImage(root, config, {
      [config.directory]: [...files.values()].at(-1)!.path(config.directory),
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.root, { recursive: true, force: true })
  }
}
