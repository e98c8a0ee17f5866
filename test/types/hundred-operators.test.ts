import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { test } from 'node:test'
import { packageRoot } from '../../src/testing/local-server/package-file.js'
import { runCommand } from '../../src/testing/local-server/run-command.js'
import topology from './hundred-operators.js'

const SOURCE = 'test/types/hundred-operators.ts'

/**
 * What the compiler may make for this file, over what it makes for the imports alone: twice of what it did when this was
 * written, in 0.2 s (docs/performance.md). It makes the same on every machine, which the time is not.
 */
const MOST = { types: 11_000, instantiations: 28_000 }

interface Checked {
  readonly types: number
  readonly instantiations: number
  readonly seconds: number
}

/** Checks a file as an application that uses the built package, in one checker, so that it comes to the same each time. */
const check = async (directory: string, name: string, source: string): Promise<Checked> => {
  const root = packageRoot()
  await writeFile(join(directory, `${name}.ts`), source)
  const project = join(directory, `${name}.json`)
  const compilerOptions = {
    noEmit: true,
    target: 'ES2023',
    module: 'NodeNext',
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: true,
    types: ['node'],
    typeRoots: [join(root, 'node_modules', '@types')],
    // By its declarations: in its own project a package's name stands for its sources.
    paths: { millrace: [join(root, 'dist', 'src', 'index.d.ts')] },
  }
  await writeFile(project, JSON.stringify({ compilerOptions, files: [`${name}.ts`] }))
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
  const output = await runCommand(process.execPath, [
    tsc,
    '-p',
    project,
    '--extendedDiagnostics',
    '--singleThreaded',
  ])
  const figure = (label: string): number => {
    const [, number] = new RegExp(`^${label}: +([\\d.]+)`, 'm').exec(output) ?? assert.fail(output)
    return Number(number)
  }
  return {
    types: figure('Types'),
    instantiations: figure('Instantiations'),
    seconds: figure('Check time'),
  }
}

test('a topology of a hundred operators is checked with few types and instantiations', async (t) => {
  const operators = topology.describe().match(/(?:Processor|Source|Sink): /g) ?? []
  assert.ok(operators.length >= 100, `it has ${operators.length}`)

  await using directory = await temporaryDirectory()
  const source = await readFile(join(packageRoot(), SOURCE), 'utf8')
  const imports = /^import \{[^}]+\} from 'millrace'$/m.exec(source)?.[0] ?? assert.fail('it has no imports')
  const whole = await check(directory.path, 'whole', source)
  const empty = await check(directory.path, 'empty', `${imports}\nexport { string }\n`)
  const types = whole.types - empty.types
  const instantiations = whole.instantiations - empty.instantiations
  t.diagnostic(`${operators.length} operators: ${types} types, ${instantiations} instantiations`)
  t.diagnostic(`check time ${whole.seconds} s; of the imports alone ${empty.seconds} s`)
  assert.ok(types <= MOST.types, `${types} types`)
  assert.ok(instantiations <= MOST.instantiations, `${instantiations} instantiations`)
})

const temporaryDirectory = async () => {
  const path = await mkdtemp(join(tmpdir(), 'millrace-hundred-operators-'))
  // Its files are modules by the package they are in.
  await writeFile(join(path, 'package.json'), '{"type":"module"}')
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) }
}
