import assert from 'node:assert/strict'
import { test } from 'node:test'
import { UsageError } from '../../src/cli/usage-error.js'
import { parseStartOptions } from '../../src/demo/start-options.js'

test('without options: airport-delays at two days a second, exactly once, on one thread', () => {
  assert.deepEqual(parseStartOptions([]), {
    topology: 'airport-delays',
    exit: false,
    speed: 2,
    limit: undefined,
    threads: 1,
    guarantee: 'exactly_once',
    worker: false,
    fresh: false,
    avro: false,
    progress: 'text',
    page: true,
    port: undefined,
    help: false,
  })
})

test('every option is taken', () => {
  const line =
    'other --exit --speed max --limit 1000 --threads 2 --guarantee at_least_once --fresh --progress json'
  const options = parseStartOptions(line.split(' '))
  assert.equal(options.topology, 'other')
  assert.equal(options.exit, true)
  assert.equal(options.speed, 'max')
  assert.equal(options.limit, 1000)
  assert.equal(options.threads, 2)
  assert.equal(options.guarantee, 'at_least_once')
  assert.equal(options.fresh, true)
  assert.equal(options.progress, 'json')
  assert.equal(parseStartOptions(['--worker', '--speed=0.5']).speed, 0.5)
  assert.equal(parseStartOptions(['--port', '0']).port, 0)
  assert.equal(parseStartOptions(['--no-page']).page, false)
})

test('airport-delays may travel as Avro, and is a topology of its own then', () => {
  for (const line of [
    '--avro',
    'airport-delays --avro',
    'airport-delays-avro',
    'airport-delays-avro --avro',
  ]) {
    const { topology, avro } = parseStartOptions(line.split(' '))
    assert.deepEqual({ topology, avro }, { topology: 'airport-delays-avro', avro: true }, line)
  }
})

const refused: readonly (readonly [line: string, message: RegExp])[] = [
  ['--speed fast', /^--speed fast: give the event-time days per second, a number above 0, or max$/],
  ['--speed 0', /--speed 0/],
  ['--speed Infinity', /--speed Infinity/],
  ['--speed=', /--speed/],
  ['--limit 0', /^--limit 0: give a whole number from 1$/],
  ['--limit 1.5', /--limit 1\.5/],
  ['--threads two', /--threads two/],
  ['--guarantee none', /^--guarantee none: give exactly_once or at_least_once$/],
  ['--progress xml', /^--progress xml: give text or json$/],
  ['--port 65536', /^--port 65536: give a whole number from 0 to 65535$/],
  ['--port=', /^--port : give a whole number/],
  ['--port 80 --no-page', /^--port .* does not go with --no-page$/],
  ['word-count --avro', /^--avro does not go with word-count: there is Avro for airport-delays only$/],
  ['--worker --fresh', /--fresh .* does not go with --worker/],
  ['a b', /^one topology at a time, not 2: a, b$/],
  ['--quick', /'--quick'; the options are --exit, --speed, --limit/],
  ['--limit', /--limit .*; the options are/],
]

for (const [line, message] of refused) {
  test(`refused in one sentence: ${line}`, () => {
    assert.throws(
      () => parseStartOptions(line.split(' ')),
      (error: Error) => {
        assert.ok(error instanceof UsageError)
        assert.match(error.message, message)
        assert.doesNotMatch(error.message, /\n/)
        return true
      },
    )
  })
}
