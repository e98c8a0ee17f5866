import assert from 'node:assert/strict'
import { after, before, describe, test } from 'node:test'
import { InstalledPackage } from './installed-package.js'
import { readmeCode } from './readme-code.js'

/** A client would look for brokers; a topology needs none. */
const WITHOUT_CLIENT = /^const streams = new KafkaStreams[\s\S]*/m

/** The modules of the package for servers. */
const ENTRIES = ['millrace', 'millrace/observe', 'millrace/schema-registry', 'millrace/testing']

/** So that the types of the languages of schemas are used. */
const TYPED = `
import { prometheusMetrics } from 'millrace/observe'
import { avro, InMemorySchemaRegistry, jsonSchema, protobuf } from 'millrace/schema-registry'
const registry = new InMemorySchemaRegistry()
const flight = { type: 'record', name: 'Flight', fields: [{ name: 'delay', type: 'int' }] } as const
export const typed = [
  avro({ registry, schema: flight }),
  jsonSchema({ registry, schema: { type: 'object' } as const }),
  protobuf<{ delay: number }>({ registry, schema: 'syntax = "proto3"; message Flight { int32 delay = 1; }' }),
]
export const metricsOf = prometheusMetrics
`

/** The modules of the package and, so that their types are used, the README's example whole. */
const whole = async (): Promise<string> => {
  const [topology, driver] = await readmeCode()
  return `import { TopologyTestDriver } from 'millrace/testing'\n${topology}\n${driver}\n${TYPED}`
}

describe('the package, installed in an empty project', () => {
  let installed: InstalledPackage

  before(async () => {
    installed = await InstalledPackage.make()
  })
  after(() => installed[Symbol.asyncDispose]())

  for (const resolution of ['node16', 'bundler'] as const) {
    test(`has types that hold under ${resolution}, skipLibCheck off`, async () => {
      await installed.write('whole.ts', await whole())
      await installed.compile('whole.ts', resolution)
    })
  }

  test('has types that refuse what is wrong, so they are not any', async () => {
    await installed.write(
      'wrong.ts',
      [
        "import { int64, StreamsBuilder, string } from 'millrace'",
        "new StreamsBuilder().stream('a', { key: string(), value: string() }).to('b', { value: int64() })",
      ].join('\n'),
    )
    await assert.rejects(installed.compile('wrong.ts', 'node16'), /wrong\.ts\(2,\d+\): error TS2\d+/)
  })

  test("runs the README's example on the test driver", async () => {
    const code = (await whole()).replace(WITHOUT_CLIENT, '')
    const [, driver] = await readmeCode()
    await installed.write(
      'readme.ts',
      [
        code,
        driver,
        "const counts = driver.createOutputTopic('word-counts', { key: string(), value: int64() }).readKeyValues()",
        'console.log(JSON.stringify(Object.fromEntries(counts)))',
      ].join('\n'),
    )
    await installed.compile('readme.ts', 'node16')
    const { stdout, stderr } = await installed.run('readme.js')
    assert.equal(stderr, '')
    assert.deepEqual(JSON.parse(stdout), { to: 2, be: 2, or: 1, not: 1 })
  })

  test('is what require gives, too, and the same as import', async () => {
    await installed.write(
      'required.cjs',
      [
        "const assert = require('node:assert')",
        `const required = [${ENTRIES.map((entry) => `require('${entry}')`).join(', ')}]`,
        `Promise.all([${ENTRIES.map((entry) => `import('${entry}')`).join(', ')}]).then((imported) => {`,
        '  assert.equal(typeof required[0].KafkaStreams, "function")',
        '  assert.equal(typeof required[2].avro, "function")',
        '  assert.equal(typeof required[3].TopologyTestDriver, "function")',
        '  for (const at of required.keys()) assert.deepEqual({ ...imported[at] }, { ...required[at] })',
        "  console.log(require('millrace/package.json').name)",
        '})',
      ].join('\n'),
    )
    const { stdout, stderr } = await installed.run('required.cjs')
    assert.equal(stderr, '')
    assert.equal(stdout, 'millrace\n')
  })

  test('has the command millrace', async () => {
    const [topology] = await readmeCode()
    const module = topology!.replace(WITHOUT_CLIENT, '').replace('KafkaStreams, ', '')
    await installed.write('topology.ts', `${module}\nexport default builder.build()`)
    await installed.compile('topology.ts', 'node16')
    const { stdout } = await installed.npx(['millrace', 'describe', 'topology.js'])
    assert.match(stdout, /^Topologies:\n {3}Sub-topology: 0\n/)
    const version = await installed.npx(['millrace', '--version'])
    assert.match(version.stdout, /^\d+\.\d+\.\d+\n$/)
  })

  test('keeps to itself what is not its interface', async () => {
    await installed.write('inside.js', "await import('millrace/dist/src/index.js')")
    await assert.rejects(installed.run('inside.js'), /ERR_PACKAGE_PATH_NOT_EXPORTED/)
  })
})
