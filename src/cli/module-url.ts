import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import { loadTopology } from '../runtime/load-topology.js'
import type { Topology } from '../topology/topology.js'
import { UsageError } from './usage-error.js'

/**
 * The URL of a module that is given as a path, or as a URL.
 *
 * @throws {UsageError} if there is no such file
 */
export function moduleUrl(module: string): string {
  if (module.startsWith('file:')) return module
  const path = resolve(module)
  if (existsSync(path)) return pathToFileURL(path).href
  throw new UsageError(
    `there is no module ${module}: give the path of one whose default export is a topology`,
  )
}

/**
 * The topology of a module.
 *
 * @throws {UsageError} if it cannot be loaded, or has none
 */
export async function topologyOf(module: string): Promise<Topology> {
  const url = moduleUrl(module)
  try {
    return await loadTopology(url)
  } catch (error) {
    throw notLoaded(module, error)
  }
}

export const notLoaded = (module: string, cause: unknown): UsageError =>
  new UsageError(
    `module ${module} cannot be run: ${cause instanceof Error ? cause.message : String(cause)}`,
    {
      cause,
    },
  )
