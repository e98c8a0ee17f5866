import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import { type CommandLine, parseCommandLine } from '../../src/cli/command-line.js'
import { UsageError } from '../../src/cli/usage-error.js'

const parsed = (...args: string[]): CommandLine => {
  const request = parseCommandLine(args)
  assert.ok(typeof request === 'object', String(request))
  return request
}

const refused = (args: string[], problem: string): void =>
  assert.throws(
    () => parseCommandLine(args),
    (error) => error instanceof UsageError && assert.equal(error.message, problem) === undefined,
  )

describe('the command line', () => {
  test('names a command, a module and options', () => {
    const { command, module, flags, printConfig } = parsed('run', 'x.js', '--threads', '2', '--print-config')
    assert.deepEqual(
      { command, module, printConfig, threads: flags.threads },
      { command: 'run', module: 'x.js', printConfig: true, threads: '2' },
    )
    assert.equal(parsed('describe', 'x.js', '--format', 'json').format, 'json')
    assert.equal(parsed('describe', 'x.js').format, 'text')
    assert.equal(parsed('reset', 'x.js', '--execute').execute, true)
  })

  test('asks for help, or for the version', () => {
    assert.equal(parseCommandLine([]), 'help')
    assert.equal(parseCommandLine(['run', '--help']), 'help')
    assert.equal(parseCommandLine(['--version']), 'version')
  })

  test('is refused with what there is', () => {
    refused(['start', 'x.js'], 'start is no command: run, describe, topics, reset, schema')
    refused(['--threads', '1'], 'nothing is no command: run, describe, topics, reset, schema')
    refused(['run'], 'millrace run MODULE: the module is missing')
    refused(['run', 'x.js', 'y.js'], 'one module at a time; what is y.js?')
    refused(['run', 'x.js', '--treads', '1'], 'there is no option --treads; is --threads meant?')
    refused(['run', 'x.js', '--nothing-like-it', '1'], 'there is no option --nothing-like-it')
    refused(['describe', 'x.js', '--format', 'xml'], '--format xml: give text, json, mermaid')
    refused(['run', 'x.js', '--execute'], '--execute is for millrace reset')
    refused(['reset', 'x.js', '--print-config'], '--print-config is for millrace run')
  })

  test('takes no secrets, and says where they go', () => {
    refused(
      ['run', 'x.js', '--sasl-password', 'p'],
      '--sasl-password: others can read command lines: give MILLRACE_SASL_PASSWORD, sasl.password in the configuration file, or --sasl-password-file',
    )
  })
})
