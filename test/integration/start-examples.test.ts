import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StartCommand } from '../support/start-command.js'
import { temporaryData } from '../support/temporary-data.js'

/** The greatest rows when all is processed. */
const GREATEST: Readonly<Record<string, readonly (readonly [name: string, figure: number])[]>> = {
  'word-count': [
    ['a', 5],
    ['streams', 5],
    ['the', 5],
  ],
  'page-views-by-region': [
    ['americas', 3],
    ['asia', 4],
  ],
  temperature: [['temp', 40]],
}

test('each example of Kafka runs on a broker until its input is processed, and shows its results', async (t) => {
  const data = await temporaryData(t)
  for (const [name, greatest] of Object.entries(GREATEST)) {
    await using command = new StartCommand([name, '--exit', '--progress', 'json'], { MILLRACE_DATA: data })
    assert.equal(await command.exited, 0, command.stderr)
    assert.equal(command.summary.complete, true)
    const rows = command.lines.at(-2)!.rows as Readonly<Record<string, string | number>>[]
    const shown = rows.map((row) => Object.values(row)).slice(0, greatest.length)
    assert.deepEqual(shown.sort(), greatest)
  }
})
