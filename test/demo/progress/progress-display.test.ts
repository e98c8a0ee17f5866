import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { WriteStream } from 'node:tty'
import { figuresLine, restoreLine, rowsTable, summaryLine } from '../../../src/demo/progress/format.js'
import type { ProgressSnapshot } from '../../../src/demo/progress/progress-snapshot.js'
import { TerminalProgress } from '../../../src/demo/progress/terminal-progress.js'

const results = {
  topic: 'airport-delays',
  title: 'Busiest airports',
  row: 'airport',
  windowStart: 'windowStart',
  lastHours: 24,
  columns: [
    { title: 'flights', field: 'flights', combine: 'sum' },
    { title: 'mean delay', field: 'meanDelay', combine: 'mean', weight: 'flights' },
  ],
} as const

const snapshot: ProgressSnapshot = {
  state: 'running',
  recordsPerSecond: 33_120,
  recordsProcessed: 100_000,
  lag: 1_204,
  streamTime: Date.UTC(2001, 0, 3, 10, 30),
  windows: 4_100,
  commits: 52,
  published: 101_204,
  rows: [
    { name: 'ATL', figures: [1_021, 12.34] },
    { name: 'ORD', figures: [998, 7] },
  ],
}

test('one line has records a second, lag, stream time, windows and commits', () => {
  assert.equal(
    figuresLine(snapshot),
    'running  33,120 records/s  lag 1,204  stream time 2001-01-03 10:30  windows 4,100  commits 52  published 101,204',
  )
  assert.match(figuresLine({ ...snapshot, lag: undefined, streamTime: -1 }), /lag - {2}stream time - /)
})

test('rows are a table with its title', () => {
  assert.deepEqual(rowsTable(snapshot.rows, results), [
    'Busiest airports, last 24 hours of event time',
    '        flights  mean delay',
    '  ATL     1,021        12.3',
    '  ORD       998           7',
  ])
})

test('a run is summed up in a sentence', () => {
  const run = {
    recordsProcessed: 3_000_000,
    seconds: 10,
    commits: 90,
    outputRecords: 500_000,
    windows: 424_259,
  }
  assert.equal(
    summaryLine({ ...run, complete: true }),
    '3,000,000 records processed in 10 s (300,000 records/s), 500,000 results, 424,259 new windows, 90 commits; all input is processed and committed',
  )
  assert.match(summaryLine({ ...run, complete: false }), /stopped before the end of the input$/)
})

test('a restore is summed up in a line: how much, and whether local state was built upon', () => {
  const store = {
    task: '0_1',
    store: 'delays',
    topic: 'delays-changelog',
    partition: 1,
    from: 900,
    to: 1_400,
  }
  const behind = { ...store, records: 412, durationMs: 140 }
  assert.equal(
    restoreLine([behind, { ...behind, partition: 2, records: 1_000, durationMs: 260 }]),
    'Restored 1,412 records from 2 changelog partitions in 0.3 s: what came after the last local commit',
  )
  assert.match(
    restoreLine([behind, { ...behind, wiped: 'no-position' }]),
    /: 1 of them from the beginning \(no-position\)$/,
  )
})

test('on a terminal the figures are refreshed in place and lines are cut to its width', () => {
  let written = ''
  const terminal = { columns: 20, rows: 4, write: (text: string) => (written += text) }
  const display = new TerminalProgress(terminal as unknown as WriteStream, results)
  display.show(snapshot)
  assert.equal(written, '\u001b[0Jrunning  33,120 rec\n\nBusiest airports, l\n')
  written = ''
  display.show({ ...snapshot, rows: [] })
  assert.equal(written, '\u001b[3F\u001b[0Jrunning  33,120 rec\n')
  written = ''
  display.say('news')
  assert.equal(written, '\u001b[1F\u001b[0Jnews\n\u001b[0Jrunning  33,120 rec\n')
})
