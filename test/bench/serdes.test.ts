import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { UsageError } from '../../bench/command-line.js'
import { areFastEnough, benchSerdes, type SerdeReport, serdesTable } from '../../bench/serdes/serdes-bench.js'
import { parseSerdesOptions } from '../../bench/serdes/serdes-options.js'

const reports: readonly SerdeReport[] = [
  { language: 'avro', by: 'millrace', task: '', write: 6e6, read: 9e6 },
  { language: 'avro', by: 'avsc', task: '', write: 8e6, read: 6e6 },
  { language: 'avro', by: 'avsc', task: 'as a newer schema', write: undefined, read: 4.5e6 },
  { language: 'avro', by: 'millrace', task: 'as a newer schema', write: undefined, read: 9e6 },
]

describe('serdes', () => {
  it('are measured five times, where nothing else is asked for', () => {
    assert.deepEqual(parseSerdesOptions([]), { records: 2_000_000, runs: 5, json: undefined })
    assert.throws(() => parseSerdesOptions(['--runs', '0']), UsageError)
  })

  it('of Avro must do a million records a second each way', () => {
    assert.ok(areFastEnough(reports))
    assert.ok(!areFastEnough([{ ...reports[0]!, write: 999_999 }]))
    assert.ok(!areFastEnough([{ ...reports[0]!, read: 999_999 }]))
  })

  it('are compared with what others do', () => {
    assert.deepEqual(
      serdesTable(reports)
        .split('\n')
        .map((line) => line.replaceAll(/ {2,}/g, ' | ')),
      [
        '| write | read | ours is, write | ours is, read',
        'avro: millrace | 6.00 M/s | 9.00 M/s',
        'avro: avsc | 8.00 M/s | 6.00 M/s | 0.75 x | 1.50 x',
        'avro: avsc, as a newer schema | 4.50 M/s | 2.00 x',
        'avro: millrace, as a newer schema | 9.00 M/s',
      ].map((line) => line.replace(/^\| /, ' | ')),
    )
  })

  it('write and read all records in each way', async () => {
    const measured = await benchSerdes(
      { ...parseSerdesOptions([]), records: 100, runs: 1 },
      new AbortController().signal,
    )
    assert.deepEqual(
      measured.map(({ language, by, task }) => [language, by, task].join(': ').replace(/: $/, '')),
      [
        'avro: millrace',
        'avro: millrace: 8 serdes in turn',
        'avro: millrace: as a newer schema',
        'json-schema: millrace',
        'protobuf: millrace',
        'avro: avsc',
        'avro: avsc: as a newer schema',
        'json-schema: JSON.stringify and parse',
        'protobuf: protobufjs',
        'avro: @kafkajs/confluent-schema-registry',
      ],
    )
    for (const { write = 1, read } of measured) assert.ok(write > 0 && read > 0)
  })
})
