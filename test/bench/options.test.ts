import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UsageError } from '../../bench/command-line.js'
import { parseOptions } from '../../bench/options.js'

describe('options of the benchmark', () => {
  it('measure everything with five million records three times where none are given', () => {
    assert.deepEqual(parseOptions([]), {
      workloads: ['filter-map', 'count', 'window', 'hopping', 'sliding', 'session', 'stream-join', 'join'],
      guarantee: 'exactly_once',
      records: 5_000_000,
      runs: 3,
      json: undefined,
    })
  })

  it('name workloads, guarantee, records, runs and a file', () => {
    const args = [
      'window',
      'count',
      '--guarantee',
      'at_least_once',
      '--records',
      '1000',
      '--runs=1',
      '--json',
      'f',
    ]
    assert.deepEqual(parseOptions(args), {
      workloads: ['window', 'count'],
      guarantee: 'at_least_once',
      records: 1000,
      runs: 1,
      json: 'f',
    })
  })

  const refused: readonly (readonly [readonly string[], RegExp])[] = [
    [
      ['joins'],
      /workload 'joins' is none of filter-map, count, window, hopping, sliding, session, stream-join, join/,
    ],
    [['--guarantee', 'best_effort'], /--guarantee 'best_effort' is none of exactly_once, at_least_once/],
    [['--records', '5e6'], /--records '5e6' must be a whole number, at least 1/],
    [['--runs', '0'], /--runs '0' must be a whole number, at least 1/],
    [['--warm'], /--warm/],
  ]
  for (const [args, message] of refused) {
    it(`refuse ${args.join(' ')}`, () => {
      assert.throws(
        () => parseOptions(args),
        (error) => error instanceof UsageError && message.test(error.message),
      )
    })
  }
})
