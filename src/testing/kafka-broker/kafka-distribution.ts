import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildOnce } from '../local-server/build-once.js'
import { cacheDirectory } from '../local-server/cache-directory.js'
import { serverFile } from '../local-server/package-file.js'
import { requireJava, runMaven } from '../local-server/prerequisites.js'
import { runCommand } from '../local-server/run-command.js'

/** The version of Apache Kafka that is started; the one in `pom.xml`. */
export const KAFKA_VERSION = '4.3.1'

/** Kafka's jars and a Java to run them. */
export interface KafkaDistribution {
  readonly java: string
  /** Class path of all jars. */
  readonly classPath: string
  /** Where things derived from this version may be kept. */
  readonly cache: string
}

/**
 * Kafka's jars from the cache, fetched by Maven the first time.
 *
 * @param onFetch called before jars are fetched, which takes a while
 * @throws PrerequisiteError without a Java that is new enough, or without Maven when jars must be fetched
 */
export const kafkaDistribution = async (onFetch?: () => void): Promise<KafkaDistribution> => {
  const java = await requireJava()
  const cache = cacheDirectory('kafka', KAFKA_VERSION)
  const jars = join(cache, 'jars')
  await buildOnce(jars, async (directory) => {
    onFetch?.()
    const pom = serverFile('kafka-broker', 'pom.xml')
    await runMaven(['-q', '-B', '-f', pom, 'dependency:copy-dependencies', `-DoutputDirectory=${directory}`])
  })
  return { java, classPath: join(jars, '*'), cache }
}

const formatName = (features: Readonly<Record<string, number>>): string => {
  const levels = Object.entries(features).sort(([left], [right]) => (left < right ? -1 : 1))
  return ['format', ...levels.map(([feature, level]) => `${feature}-${level}`)].join('_')
}

/**
 * The bootstrap snapshot that Kafka's own storage tool writes when it formats a directory with these feature levels.
 * Kept in the cache, because a run of the tool takes as long as half a broker's start.
 */
export const bootstrapSnapshot = async (
  kafka: KafkaDistribution,
  features: Readonly<Record<string, number>>,
): Promise<string> => {
  const target = join(kafka.cache, formatName(features))
  await buildOnce(target, async (directory) => {
    const config = join(directory, 'server.properties')
    const lines = [
      'process.roles=broker,controller',
      'node.id=1',
      'controller.listener.names=CONTROLLER',
      'listeners=PLAINTEXT://127.0.0.1:9092,CONTROLLER://127.0.0.1:9093',
      'controller.quorum.voters=1@127.0.0.1:9093',
      `log.dirs=${directory}`,
    ]
    await writeFile(config, `${lines.join('\n')}\n`)
    const levels = Object.entries(features).flatMap(([feature, level]) => [
      '--feature',
      `${feature}=${level}`,
    ])
    const format = ['format', '--cluster-id', 'AAAAAAAAAAAAAAAAAAAAAQ', '--config', config, ...levels]
    await runCommand(kafka.java, ['-cp', kafka.classPath, 'kafka.tools.StorageTool', ...format])
  })
  return join(target, 'bootstrap.checkpoint')
}
