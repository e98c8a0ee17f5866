import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../cli/usage-error.js'
import { SchemaRegistryServer } from '../testing/schema-registry/index.js'
import { registryDirectory } from './project-data.js'
import type { StartOptions } from './start-options.js'

/** Where a topology finds the registry; threads inherit it. */
const VARIABLE = 'SCHEMA_REGISTRY_URL'

const addressFile = (): string => join(registryDirectory(), 'address')

/**
 * Puts a schema registry where topologies look for it: that of SCHEMA_REGISTRY_URL; else one of our own, whose schemas stay
 * in the project, for the ids in the topics stay too; for a worker the one that the application runs in this project.
 *
 * @returns stops what was started
 * @throws UsageError where there is no registry for a worker
 */
export const openRegistry = async (
  { worker, fresh }: StartOptions,
  say: (text: string) => void = (text) => process.stderr.write(`${text}\n`),
): Promise<AsyncDisposable | undefined> => {
  if (process.env[VARIABLE]) return undefined
  if (worker) {
    process.env[VARIABLE] = await addressOfRunning()
    return undefined
  }
  if (fresh) await rm(registryDirectory(), { recursive: true, force: true })
  const registry = await SchemaRegistryServer.start({
    dataDir: registryDirectory(),
    onFetch: () => say('Fetching Apicurio Registry, once ...'),
  })
  await mkdir(registryDirectory(), { recursive: true })
  await writeFile(addressFile(), registry.url)
  process.env[VARIABLE] = registry.url
  say(`Schema registry started on ${registry.url}`)
  return registry
}

const addressOfRunning = async (): Promise<string> => {
  try {
    return await readFile(addressFile(), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
    throw new UsageError(
      `there is no running registry to use in this project: start npm start -- --avro first, or name one in ${VARIABLE}`,
      { cause: error },
    )
  }
}
