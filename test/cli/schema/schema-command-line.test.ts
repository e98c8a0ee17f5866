import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import {
  parseSchemaCommandLine,
  type SchemaCommandLine,
} from '../../../src/cli/schema/schema-command-line.js'
import { UsageError } from '../../../src/cli/usage-error.js'

const parsed = (...args: string[]): SchemaCommandLine => {
  const line = parseSchemaCommandLine(args)
  assert.ok(line !== 'help')
  return line
}

const refused = (args: string[], problem: string): void =>
  assert.throws(
    () => parseSchemaCommandLine(args),
    (error) => error instanceof UsageError && assert.equal(error.message, problem) === undefined,
  )

describe('the command line of millrace schema', () => {
  test('names an action, operands and what there is to say of them', () => {
    const line = parsed(
      ...['check', '--subject', 'a', 'a.avsc', '--subject', 'b', 'b.proto', '--json'],
      ...['--registry', 'http://localhost:8081', '--reference', 'Leg=legs-value@3'],
    )
    const { action, operands, subjects, json, flags, references } = line
    assert.deepEqual(
      { action, operands, subjects, json, registry: flags.registry, references },
      {
        action: 'check',
        operands: ['a.avsc', 'b.proto'],
        subjects: ['a', 'b'],
        json: true,
        registry: 'http://localhost:8081',
        references: [{ name: 'Leg', subject: 'legs-value', version: 3 }],
      },
    )
    assert.equal(parsed('register', 'x.js', '--compatibility', 'FULL').compatibility, 'FULL')
    assert.equal(parsed('types', 'x.txt', '--type', 'avro').type, 'AVRO')
    assert.equal(parsed('types', 'x.avsc', '--long', 'bigint').long, 'bigint')
  })

  test('asks for help', () => {
    assert.equal(parseSchemaCommandLine([]), 'help')
    assert.equal(parseSchemaCommandLine(['check', '--help']), 'help')
  })

  test('is refused with what there is', () => {
    refused(['list'], 'millrace schema list: give check, register, diff, types')
    refused(['check', '--subjects', 'x'], 'there is no option --subjects; is --subject meant?')
    refused(['check', '--dry-run'], '--dry-run is for millrace schema register')
    refused(['diff', 'x', '--out', 'y'], '--out is for millrace schema types')
    refused(['types', '--type', 'toString'], '--type toString: give avro, json, protobuf')
    refused(['types', '--long', 'int'], '--long int: give number, bigint')
    refused(['check', '--reference', 'Leg'], '--reference Leg: give NAME=SUBJECT@VERSION')
  })
})
