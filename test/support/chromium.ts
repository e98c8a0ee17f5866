import { execFile } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { type Browser, chromium } from 'playwright-core'

const run = promisify(execFile)

/** What Chromium is called where it comes from a distribution, or from its maker. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome']

const found = (name: string): string | undefined => {
  const paths = (process.env.PATH ?? '').split(delimiter).map((directory) => join(directory, name))
  return paths.find((path) => {
    try {
      accessSync(path, constants.X_OK)
      return true
    } catch {
      return false
    }
  })
}

const installed = (): string | undefined => NAMES.map(found).find((path) => path !== undefined)

/** On a fresh machine, as root, Debian's Chromium. */
const install = async (): Promise<void> => {
  const apt = found('apt-get')
  if (apt === undefined || process.getuid?.() !== 0) return
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  await run(apt, ['update'], { env })
  await run(apt, ['install', '--yes', '--no-install-recommends', 'chromium'], { env })
}

/** The Chromium that is there; where there is none, one is installed if that is possible. */
const chromiumPath = async (): Promise<string> => {
  const given = process.env.CHROMIUM ?? installed()
  if (given !== undefined) return given
  await install()
  const path = installed()
  if (path !== undefined) return path
  throw new Error(
    'the tests of pages need Chromium: install it (Debian: apt-get install chromium, which the tests do themselves as root), or name its program in CHROMIUM',
  )
}

/** A real Chromium without a window. */
export const openChromium = async (): Promise<Browser> =>
  chromium.launch({ executablePath: await chromiumPath() })
