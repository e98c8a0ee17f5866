import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import { CodedError } from '../../src/errors/coded-error.js'
import { KafkaProtocolError } from '../../src/kafka/protocol/kafka-protocol-error.js'
import { EpochDropped } from '../../src/runtime/epoch.js'
import { userError } from '../../src/runtime/user-error.js'
import { documentedCodes, errorTable } from '../support/error-table.js'

const root = join(import.meta.dirname, '../../..')

/** What does not ship: errors of the demo and of the servers for tests, which are for whoever sits before them. */
const NOT_SHIPPED = /^(demo|testing.(kafka-broker|local-server|schema-registry))[\\/]/

/** The sources of a folder. */
const sourcesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true })
    .map(String)
    .filter((name) => name.endsWith('.ts') && !NOT_SHIPPED.test(name))
    .map((name) => readFileSync(join(root, folder, name), 'utf8'))

describe('docs/errors.md', () => {
  test('has a row for every situation that is tested, and a test for every row', () => {
    const tested = sourcesOf('test/integration/errors').flatMap((source) => [
      ...[...source.matchAll(/situation\(\s*'([^']+)'/g)].map(([, name]) => name!),
      // Situations that are told apart by a loop stand in its list, or in a template with one place.
      ...[...errorTable().keys()].filter((name) => namedByLoop(source, name)),
    ])
    assert.deepEqual([...new Set(tested)].sort(), [...errorTable().keys()].sort())
  })

  test('has a place to read on for every code', () => {
    const written = /(?:super|new \w*Error)\(\s*'([A-Z][A-Z_]+)'/g
    const codes = [...sourcesOf('src'), ...sourcesOf('operators')].flatMap((source) =>
      [...source.matchAll(written)].map(([, code]) => code!),
    )
    const documented = documentedCodes()
    assert.ok(codes.length > 50)
    assert.deepEqual(
      codes.filter((code) => !documented.has(code)),
      [],
    )
    for (const { code } of errorTable().values()) assert.ok(code === 'none' || documented.has(code), code)
  })
})

/** Errors without a code of ours: neither is given to an application, but as a cause. */
const WITHOUT_CODE = [
  // Kafka's own: it has the number and the name of the broker's error.
  'KafkaProtocolError',
  // Ends a commit that is being dropped; whoever drops it knows why.
  'EpochDropped',
  // What is wrong with a field of a message of Protobuf, until the serde gives it as an error of its own.
  'FieldProblem',
  // What does not fit an Avro schema, on its way to the place in the record; then it is a SerdeError.
  'Misfit',
  // Of the client of feeds, in browsers: it has the code that the server told.
  'FeedError',
]

const CLASS = /class (\w+)(?:<[^{]*>)? extends (\w+)\b[^{]*\{([\s\S]*?)^\}/gm

interface ErrorClass {
  readonly name: string
  readonly parent: string
  readonly body: string
}

/** The classes of the library that are errors, or are built on one. */
function errorClasses(): ErrorClass[] {
  const shipped = [...sourcesOf('src'), ...sourcesOf('operators')]
  const classes = shipped.flatMap((source) =>
    [...source.matchAll(CLASS)].map(([, name, parent, body]) => ({
      name: name!,
      parent: parent!,
      body: body!,
    })),
  )
  const errors = new Set(['Error'])
  for (let before = 0; before < errors.size; ) {
    before = errors.size
    for (const { name, parent } of classes) if (errors.has(parent)) errors.add(name)
  }
  return classes.filter(({ name }) => errors.has(name))
}

describe('an error', () => {
  const classes = errorClasses()
  const abstract = new Set(['CodedError', 'ProducerError', 'RecordError'])

  test('of every class has a code, and with it the link into the documentation', () => {
    assert.ok(classes.length > 40)
    const plain = classes.filter(({ parent }) => parent === 'Error').map(({ name }) => name)
    assert.deepEqual(plain.sort(), ['CodedError', ...WITHOUT_CODE].sort())
  })

  test('of every class says so by its name, also where it comes from another thread', () => {
    const unnamed = classes.filter(
      ({ name, body }) =>
        !body.includes(`readonly name: string = '${name}'`) && !body.includes(`readonly name = '${name}'`),
    )
    assert.deepEqual(
      unnamed.map(({ name }) => name).filter((name) => !abstract.has(name) && !WITHOUT_CODE.includes(name)),
      [],
    )
  })

  test('that an application is given is coded, whatever was thrown', () => {
    const documented = documentedCodes()
    const thrown = fc.oneof(
      fc.anything(),
      fc.string().map((message) => new Error(message)),
      fc.integer({ min: -1, max: 130 }).map((code) => new KafkaProtocolError(code, 'Fetch')),
      fc.constant(new EpochDropped('of a test')),
    )
    fc.assert(
      fc.property(thrown, (cause) => {
        const error = userError(cause)
        assert.ok(error instanceof CodedError)
        assert.ok(documented.has(error.code), error.code)
        assert.equal(error.help, `docs/errors.md#${error.code.toLowerCase()}`)
      }),
      { examples: [[{ toString: 'no function' }]] },
    )
  })
})

function namedByLoop(source: string, name: string): boolean {
  const templates = [...source.matchAll(/situation\(`([^`]+)`/g)].map(([, template]) => template!)
  const byTemplate = templates.some((template) => {
    const [before, after] = template.split(/\$\{\w+\}/)
    if (!name.startsWith(before!) || !name.endsWith(after!)) return false
    return source.includes(`'${name.slice(before!.length, name.length - after!.length)}'`)
  })
  return byTemplate || (source.includes('situation(name,') && source.includes(`['${name}',`))
}
