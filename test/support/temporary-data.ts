import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'

/** A directory for the data of `npm start`, gone after the test. */
export const temporaryData = async (t: TestContext): Promise<string> => {
  const directory = await mkdtemp(join(tmpdir(), 'millrace-start-test-'))
  t.after(() => rm(directory, { recursive: true, force: true }))
  return directory
}
