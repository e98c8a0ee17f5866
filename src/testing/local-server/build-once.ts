import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'

/**
 * Makes a directory in one step, so that processes that start at the same time see it complete or not at all: `build`
 * fills a directory of its own, and the first to be ready gives it its name.
 */
export const buildOnce = async (
  target: string,
  build: (directory: string) => Promise<void>,
): Promise<void> => {
  if (existsSync(target)) return
  await mkdir(dirname(target), { recursive: true })
  const building = await mkdtemp(`${target}.building-`)
  try {
    await build(building)
    await rename(building, target).catch((error: unknown) => {
      if (!existsSync(target)) throw error
    })
  } finally {
    await rm(building, { recursive: true, force: true })
  }
}
