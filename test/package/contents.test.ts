import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { posix } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { checkPackage, createPackageFromTarballData } from '@arethetypeswrong/core'
import { publint } from 'publint'
import { formatMessage } from 'publint/utils'
import { StreamsError } from '../../src/index.js'
import { packagesOf, reachableModules, typesOf } from './module-graph.js'
import { PackedPackage } from './packed-package.js'

/** What npm runs where a package is installed, from a registry or from its repository. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall', 'prepare', 'preprepare', 'postprepare']

interface Manifest {
  readonly exports: Readonly<Record<string, string | { readonly default: string }>>
  readonly bin?: Readonly<Record<string, string>>
  readonly dependencies: Readonly<Record<string, string>>
  readonly scripts: Readonly<Record<string, string>>
}

/** What is resolved without `exports`, or by `require` of TypeScript before it knew `require` of ES modules. */
const LEGACY_RESOLUTIONS: readonly unknown[] = ['node10', 'node16-cjs']

describe('the package', () => {
  let packed: PackedPackage
  let manifest: Manifest

  before(async () => {
    packed = await PackedPackage.make()
    manifest = JSON.parse(await packed.read('package.json')) as Manifest
  })
  after(() => packed[Symbol.asyncDispose]())

  test('ships what its entries need, and no other code: no demo, no tests, no benchmarks, no chaos', async () => {
    const entries = [
      ...Object.values(manifest.exports).flatMap((entry) => (typeof entry === 'string' ? [] : entry.default)),
      ...Object.values(manifest.bin ?? {}),
    ]
    const reachable = await reachableModules(
      entries.map((entry) => posix.normalize(entry)),
      (path) => packed.read(path),
    )
    const shipped = packed.files.filter((path) => path.endsWith('.js'))
    assert.deepEqual(shipped.sort(), [...reachable].sort())
  })

  test('ships the style of the page beside its modules', () => {
    assert.ok(packed.files.includes('dist/src/observe/dashboard/page/page.css'))
  })

  test('imports the packages that it depends on, all of them and no other', async () => {
    const used = new Set<string>()
    for (const path of packed.files.filter((file) => /\.(js|d\.ts)$/.test(file))) {
      for (const name of packagesOf(await packed.read(path))) used.add(name)
    }
    // Types of Node are there without an import.
    assert.deepEqual([...used, '@types/node'].sort(), Object.keys(manifest.dependencies).sort())
  })

  test('ships beside code and sources the documentation only', () => {
    const others = packed.files.filter((path) => !/^(dist\/)?(src|operators)\//.test(path))
    const expected = /^(package\.json|README\.md|LICENSE|CHANGELOG\.md|docs\/[\w./-]+\.(md|svg))$/
    assert.deepEqual(
      others.filter((path) => !expected.test(path)),
      [],
    )
    assert.ok(others.includes('README.md') && others.includes('LICENSE') && others.includes('docs/errors.md'))
    const sources = packed.files.filter((path) => /^(src|operators)\//.test(path))
    const compiled = new Set(packed.files.filter((path) => path.endsWith('.js')))
    assert.deepEqual(
      sources.filter(
        (path) => !compiled.has(`dist/${path.replace(/\.ts$/, '.js')}`) && !path.endsWith('.d.ts'),
      ),
      [],
    )
  })

  test('has types and maps for every module, and the sources that the maps name', async () => {
    const files = new Set(packed.files)
    for (const module of packed.files.filter((path) => path.endsWith('.js'))) {
      for (const output of [module, typesOf(module)]) {
        const [, map] = /\/\/# sourceMappingURL=(\S+)\s*$/.exec(await packed.read(output)) ?? []
        assert.equal(map, `${posix.basename(output)}.map`)
        const { sources } = JSON.parse(await packed.read(`${output}.map`)) as { sources: string[] }
        for (const source of sources) {
          const path = posix.join(posix.dirname(output), source)
          assert.ok(files.has(path), `${output}.map names ${path}`)
        }
      }
    }
  })

  test('runs nothing where it is installed', () => {
    const scripts = Object.keys(manifest.scripts)
    assert.deepEqual(
      scripts.filter((name) => INSTALL_SCRIPTS.includes(name)),
      [],
    )
  })

  test('has in it what `help` of its errors names', async () => {
    const { help } = new StreamsError('CLOSED', 'an error of a test')
    const [file, anchor] = help.split('#')
    assert.match(await packed.read(file!), new RegExp(`<a id="${anchor}"></a>`))
  })

  test('is found with its types by TypeScript (attw, profile esm-only)', async () => {
    const tarball = createPackageFromTarballData(new Uint8Array(await readFile(packed.tarball)))
    const analysis = await checkPackage(tarball)
    assert.ok(analysis.types)
    assert.deepEqual(Object.keys(analysis.entrypoints).sort(), [
      '.',
      './feed-client',
      './observe',
      './package.json',
      './schema-registry',
      './testing',
    ])
    const problems = analysis.problems.filter(
      (problem) => !('resolutionKind' in problem && LEGACY_RESOLUTIONS.includes(problem.resolutionKind)),
    )
    assert.deepEqual(problems, [])
  })

  test('has nothing to be said against by publint', async () => {
    const { buffer, byteOffset, byteLength } = await readFile(packed.tarball)
    const tarball = buffer.slice(byteOffset, byteOffset + byteLength) as ArrayBuffer
    const { messages, pkg } = await publint({ pack: { tarball }, strict: true })
    assert.deepEqual(
      messages.map((message) => formatMessage(message, pkg, { color: false })),
      [],
    )
  })
})
