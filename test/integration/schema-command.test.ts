import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, describe, test } from 'node:test'
import { ExitCode } from '../../src/cli/exit-code.js'
import { MillraceCommand } from '../support/millrace-command.js'
import { testRegistry } from '../support/registry.js'
import { uniqueName } from '../support/unique-name.js'

const registry = await testRegistry()

const record = (...fields: object[]): string =>
  JSON.stringify({ type: 'record', name: 'Flight', fields: [{ name: 'id', type: 'string' }, ...fields] })
const FIRST = record()
const COMPATIBLE = record({ name: 'delay', type: 'int', default: 0 })
const REFUSED = record({ name: 'gate', type: 'string' })

let directory: string
const file = (name: string): string => join(directory, name)

before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'millrace-schemas-'))
  await writeFile(file('first.avsc'), FIRST)
  await writeFile(file('compatible.avsc'), COMPATIBLE)
  await writeFile(file('refused.avsc'), REFUSED)
})
after(() => rm(directory, { recursive: true }))

interface Outcome {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

async function schema(args: readonly string[], environment: Record<string, string> = {}): Promise<Outcome> {
  const given = { MILLRACE_SCHEMA_REGISTRY: registry, ...environment }
  await using command = new MillraceCommand(['schema', ...args], given)
  const code = await command.exited
  return { code, out: command.stdout, error: command.stderr }
}

describe('millrace schema check', () => {
  test('says that a subject has no version, and that a schema is one', async () => {
    const subject = uniqueName('flights')
    const unknown = await schema(['check', '--subject', subject, file('first.avsc')])
    assert.deepEqual([unknown.code, unknown.out], [ExitCode.OK, `${subject}: has no version yet (NONE)\n`])

    const registered = await schema(['register', '--subject', subject, file('first.avsc')])
    assert.equal(registered.code, ExitCode.OK)
    assert.match(registered.out, new RegExp(`^${subject}: version 1, id \\d+, registered\n$`))

    const known = await schema(['check', '--subject', subject, file('first.avsc')])
    assert.match(known.out, new RegExp(`^${subject}: is version 1, id \\d+\n$`))
  })

  test('explains what the registry says, field by field', async () => {
    const subject = uniqueName('flights')
    await schema(['register', '--subject', subject, '--compatibility', 'FULL', file('first.avsc')])

    const compatible = await schema(['check', '--subject', subject, file('compatible.avsc')])
    assert.equal(compatible.code, ExitCode.OK)
    assert.equal(
      compatible.out,
      `${subject}: compatible (FULL, against version 1)
  changes since version 1
    allowed        Flight.delay: field added with default
                   readers of the new schema take 0 for delay of old records, and readers of the old schema
                   skip it
`,
    )

    const refused = await schema(['check', '--json', '--subject', subject, file('refused.avsc')])
    assert.equal(refused.code, ExitCode.SCHEMA_REFUSED)
    const [review] = JSON.parse(refused.out)
    assert.deepEqual([review.status, review.compatibility, review.warnings], ['refused', 'FULL', []])
    const [{ version, changes }] = review.comparisons
    assert.deepEqual([version, changes.length], [1, 1])
    assert.deepEqual(
      { ...changes[0], why: undefined },
      {
        path: 'Flight.gate',
        kind: 'field-added',
        what: 'field added without default',
        backward: false,
        forward: true,
        why: undefined,
        breaks: true,
      },
    )
  })

  test('looks at all subjects of a topology, and warns of keys', async () => {
    const [input, output] = [uniqueName('input'), uniqueName('output')]
    const application = uniqueName('app')
    const module = new URL('../support/topologies/registered-module.js', import.meta.url)
    module.search = new URLSearchParams({ input, output }).toString()
    const line = [module.href, '--application-id', application]
    const missing = await schema(['check', module.href])
    assert.equal(missing.code, ExitCode.USAGE)
    assert.match(missing.error, /^option applicationId is missing/)

    const registered = await schema(['register', ...line, '--json'])
    const subjects = JSON.parse(registered.out).map((each: { subject: string }) => each.subject)
    assert.deepEqual(subjects.sort(), [
      `${application}-counts-changelog-key`,
      `${application}-counts-changelog-value`,
      `${application}-counts-repartition-key`,
      `${output}-key`,
      `${output}-value`,
    ])
    const types = await schema(['types', ...line])
    assert.deepEqual([...types.out.matchAll(/export interface (\w+)/g)].map(([, name]) => name).sort(), [
      'Code',
      'Count',
    ])
    const again = await schema(['register', ...line])
    assert.match(again.out, /^(\S+: version 1, id \d+, was there\n){5}$/)

    const key = await schema(['check', '--subject', `${output}-key`, file('first.avsc')])
    assert.match(key.out, /note: it is a key: with another schema a key is other bytes/)
  })
})

describe('millrace schema register', () => {
  test('registers nothing where it is to tell only, or where one is refused', async () => {
    const [flights, others] = [uniqueName('flights'), uniqueName('others')]
    const planned = await schema(['register', '--dry-run', '--subject', flights, file('first.avsc')])
    assert.deepEqual(
      [planned.code, planned.out],
      [ExitCode.OK, `${flights}: has no version yet (NONE)\nwould be registered: ${flights}\n`],
    )

    await schema(['register', '--subject', flights, '--compatibility', 'BACKWARD', file('first.avsc')])
    const both = ['--subject', others, file('first.avsc'), '--subject', flights, file('refused.avsc')]
    const refused = await schema(['register', ...both])
    assert.equal(refused.code, ExitCode.SCHEMA_REFUSED)
    assert.match(refused.out, /BREAKS +Flight.gate: field added without default/)
    assert.match(refused.out, /nothing is registered\n$/)
    const unknown = await schema(['diff', others])
    assert.match(unknown.error, new RegExp(`has no subject ${others}`))
  })
})

describe('millrace schema diff', () => {
  test('compares versions, and files', async () => {
    const subject = uniqueName('flights')
    for (const name of ['first.avsc', 'compatible.avsc'])
      await schema(['register', '--subject', subject, file(name)])
    const latest = await schema(['diff', subject])
    assert.match(
      latest.out,
      new RegExp(`^${subject}@1 to ${subject}@2\n    safe +Flight.delay: field added with default\n`),
    )
    const back = await schema(['diff', `${subject}@2`, '@1'])
    assert.match(back.out, /safe +Flight.delay: field removed that had a default/)
    const toFile = await schema(['diff', subject, file('refused.avsc'), '--json'])
    assert.deepEqual(
      JSON.parse(toFile.out).changes.map(
        ({ path, kind }: { path: string; kind: string }) => `${path} ${kind}`,
      ),
      ['Flight.gate field-added', 'Flight.delay field-removed'],
    )
    const files = await schema(['diff', file('first.avsc'), file('first.avsc')], {
      MILLRACE_SCHEMA_REGISTRY: '',
    })
    assert.equal(files.out, `${file('first.avsc')} to ${file('first.avsc')}\nno changes\n`)
  })
})

describe('millrace schema types', () => {
  test('writes types, and tells where they are out of date', async () => {
    const out = file('types.ts')
    const check = ['types', file('first.avsc'), '--out', out, '--check']
    assert.equal((await schema(check)).code, ExitCode.SCHEMA_REFUSED)
    assert.equal((await schema(['types', file('first.avsc'), '--out', out])).code, ExitCode.OK)
    assert.equal((await schema(check)).code, ExitCode.OK)
    assert.match(await readFile(out, 'utf8'), /export interface Flight \{\n {2}id: string\n\}\n$/)
  })
})

describe('what cannot be done', () => {
  test('is told in a sentence', async () => {
    await writeFile(file('broken.avsc'), '{')
    const cases: readonly (readonly [string[], Record<string, string>, number, RegExp])[] = [
      [
        ['check', '--subject', 'x', file('first.avsc')],
        { MILLRACE_SCHEMA_REGISTRY: '' },
        ExitCode.USAGE,
        /^which registry\? give --registry URL/,
      ],
      [
        ['check', '--subject', 'x', file('first.avsc'), '--registry', 'http://127.0.0.1:1'],
        {},
        ExitCode.FAILED,
        /is not available: .*ECONNREFUSED/,
      ],
      [['check', '--subject', 'x', file('none.avsc')], {}, ExitCode.USAGE, /none.avsc cannot be read/],
      [['check', '--subject', 'x', file('first')], {}, ExitCode.USAGE, /its name does not tell the language/],
      [['types', file('broken.avsc')], {}, ExitCode.FAILED, /Avro schema: it is no JSON/],
      [['diff', uniqueName('none')], {}, ExitCode.FAILED, /has no subject none/],
      [['check', '--schema-registry-password', 'p'], {}, ExitCode.USAGE, /others can read command lines/],
    ]
    for (const [args, environment, code, problem] of cases) {
      const outcome = await schema(args, environment)
      assert.match(outcome.error, problem)
      assert.equal(outcome.code, code, outcome.error)
    }
  })
})
