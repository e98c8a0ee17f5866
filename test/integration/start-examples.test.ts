import assert from 'node:assert/strict'
import { test } from 'node:test'
import { StartCommand } from '../support/start-command.js'
import { temporaryData } from '../support/temporary-data.js'

/** The greatest rows when all is processed: a name, and figures. */
const GREATEST: Readonly<Record<string, readonly (readonly [name: string, ...figures: number[]])[]>> = {
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
  'rate-limits': [['crawler', 0, 20, 20]],
  'log-aggregation': [
    ['checkout', 973, 2789, 973 / 2789, 0.6498599439775911],
    ['images', 0, 1267, 0, 0],
    ['search', 691, 1944, 691 / 1944, 0.4143646408839779],
  ],
}

test('each small example runs on a broker until its input is processed, and shows its results', async (t) => {
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
