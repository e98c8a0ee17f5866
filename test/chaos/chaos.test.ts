import assert from 'node:assert/strict'
import { test } from 'node:test'
import { chaos } from './chaos.js'
import { parseOptions, UsageError } from './options.js'

test('exactly once holds while everything breaks, for a minute', async (t) => {
  const options = {
    topology: 'counts',
    minutes: 1,
    seed: 1,
    guarantee: 'exactly_once',
    json: undefined,
  } as const
  const report = await chaos(options, (line) => t.diagnostic(line))
  assert.deepEqual(report.failures, [])
  assert.equal(report.recordsVerified, report.recordsIn)
  assert.ok(report.recordsIn > 20_000 * 60)
})

test('the options say what is allowed', () => {
  assert.throws(() => parseOptions(['--guarantee', 'maybe']), UsageError)
  assert.throws(() => parseOptions(['--minutes', '0']), UsageError)
  assert.throws(() => parseOptions(['--seed', '-1']), UsageError)
  assert.throws(() => parseOptions(['--nonsense']), UsageError)
  assert.throws(() => parseOptions(['--topology', 'join']), {
    name: 'UsageError',
    message: "--topology 'join' is none of counts, joins, timers, windows",
  })
  const { topology, minutes, seed, guarantee, json } = parseOptions(['--seed', '3', '--json', 'report.json'])
  assert.deepEqual(
    { topology, minutes, seed, guarantee, json },
    {
      topology: 'counts',
      minutes: 5,
      seed: 3,
      guarantee: 'exactly_once',
      json: 'report.json',
    },
  )
})

test('--topology names the topology that is tried', () => {
  assert.equal(parseOptions(['--topology', 'joins']).topology, 'joins')
  assert.throws(() => parseOptions(['--topology', 'constructor']), UsageError)
})
