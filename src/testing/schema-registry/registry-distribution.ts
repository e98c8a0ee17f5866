import { join } from 'node:path'
import { buildOnce } from '../local-server/build-once.js'
import { cacheDirectory } from '../local-server/cache-directory.js'
import { serverFile } from '../local-server/package-file.js'
import { type JavaServer, requireJava, runMaven } from '../local-server/prerequisites.js'

/** The version of Apicurio Registry that is started; the one in `pom.xml`. */
export const APICURIO_VERSION = '2.6.13.Final'

const SCHEMA_REGISTRY: JavaServer = {
  name: 'A local schema registry',
  files: 'Apicurio Registry',
  otherwise: 'or run `docker compose --profile avro up -d` and use the registry in the container.',
}

/** The registry's jar and a Java to run it. */
export interface RegistryDistribution {
  readonly java: string
  readonly jar: string
}

/**
 * Apicurio Registry from the cache, fetched and unpacked by Maven the first time.
 *
 * @param onFetch called before it is fetched, which takes a while
 * @throws PrerequisiteError without a Java that is new enough, or without Maven when it must be fetched
 */
export const registryDistribution = async (onFetch?: () => void): Promise<RegistryDistribution> => {
  const java = await requireJava(SCHEMA_REGISTRY)
  const app = join(cacheDirectory('apicurio', APICURIO_VERSION), 'app')
  await buildOnce(app, async (directory) => {
    onFetch?.()
    const pom = serverFile('schema-registry', 'pom.xml')
    const unpack = ['-q', '-B', '-f', pom, 'dependency:unpack', `-DoutputDirectory=${directory}`]
    await runMaven(unpack, SCHEMA_REGISTRY)
  })
  return { java, jar: join(app, `apicurio-registry-app-${APICURIO_VERSION}-runner.jar`) }
}
