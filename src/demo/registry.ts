import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { UsageError } from '../cli/usage-error.js'
import { confluentSchemaRegistry } from '../serdes/schema-registry/confluent/confluent-schema-registry.js'
import { isOutage } from '../serdes/schema-registry/registry-errors.js'
import { SchemaRegistryInUseError, SchemaRegistryServer } from '../testing/schema-registry/index.js'
import { registryDirectory } from './project-data.js'
import type { StartOptions } from './start-options.js'

/** Where a topology finds the registry; threads inherit it. */
const VARIABLE = 'SCHEMA_REGISTRY_URL'

const ANSWER_TIMEOUT_MS = 10_000

const addressFile = (): string => join(registryDirectory(), 'address')

/**
 * Puts a schema registry where topologies look for it: that of SCHEMA_REGISTRY_URL; else one of our own, whose schemas stay
 * in the project, for the ids in the topics stay too; for a worker the one that the application runs in this project.
 *
 * @returns stops what was started
 * @throws UsageError where none answers that was named, there is none for a worker, or an application runs here already
 */
export const openRegistry = async (
  { worker, fresh }: StartOptions,
  say: (text: string) => void = (text) => process.stderr.write(`${text}\n`),
): Promise<AsyncDisposable | undefined> => {
  const named = process.env[VARIABLE]
  if (named) {
    await requireAnswer(named)
    return undefined
  }
  if (worker) {
    process.env[VARIABLE] = await addressOfRunning()
    return undefined
  }
  if (fresh) await rm(registryDirectory(), { recursive: true, force: true })
  const registry = await ownRegistry(say)
  await mkdir(registryDirectory(), { recursive: true })
  await writeFile(addressFile(), registry.url)
  process.env[VARIABLE] = registry.url
  say(`Schema registry started on ${registry.url}`)
  return registry
}

const ask = async (url: string): Promise<void> => {
  await confluentSchemaRegistry({ url, requestTimeout: ANSWER_TIMEOUT_MS }).versions('millrace')
}

/** What is not there is told at once: an application that starts would wait for it. */
const requireAnswer = async (url: string): Promise<void> => {
  try {
    await ask(url)
  } catch (error) {
    throw new UsageError(`${(error as Error).message} (${VARIABLE})`, { cause: error })
  }
}

const ownRegistry = async (say: (text: string) => void): Promise<SchemaRegistryServer> => {
  try {
    return await SchemaRegistryServer.start({
      dataDir: registryDirectory(),
      onFetch: () => say('Fetching Apicurio Registry, once ...'),
    })
  } catch (error) {
    if (!(error instanceof SchemaRegistryInUseError)) throw error
    throw new UsageError(
      'an application runs in this project already: join it with npm start -- --avro --worker, or stop it first',
      { cause: error },
    )
  }
}

/** The address that was written down last, where somebody is there. */
const addressOfRunning = async (): Promise<string> => {
  try {
    const address = await readFile(addressFile(), 'utf8')
    await ask(address)
    return address
  } catch (error) {
    const absent = (error as NodeJS.ErrnoException).code === 'ENOENT' || isOutage(error)
    if (!absent) throw error
    throw new UsageError(
      `there is no running registry to use in this project: start npm start -- --avro first, or name one in ${VARIABLE}`,
      { cause: error },
    )
  }
}
