import { type ApplicationTopic, applicationTopics } from '../runtime/application-topics.js'
import { atBrokers } from '../runtime/at-brokers.js'
import type { CommandLine } from './command-line.js'
import { Configuration } from './config/configuration.js'
import { ExitCode } from './exit-code.js'
import { topologyOf } from './module-url.js'
import { print } from './print.js'
import { textTable } from './text-table.js'
import { visit } from './visit.js'

/**
 * `millrace topics`: what the topology reads, writes and has created, and what there is.
 *
 * @returns the exit code: whether it could start with these
 */
export async function topics(
  { module, flags }: CommandLine,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const configuration = Configuration.read({ flags, environment })
  const topology = await topologyOf(module)
  const { applicationId } = configuration.compiled
  const found = await atBrokers(configuration.compiled, visit, (transport) =>
    applicationTopics(transport, topology, applicationId),
  )
  const rows = found.map((topic) => [topic.topic, topic.role, partitionsOf(topic), statusOf(topic)])
  await print(textTable(['topic', 'role', 'partitions', 'status'], rows))
  return found.some(isWrong) ? ExitCode.NOT_STARTED : ExitCode.OK
}

const isCreated = ({ role }: ApplicationTopic): boolean => role === 'repartition' || role === 'changelog'

const mismatches = ({ present, needed }: ApplicationTopic): boolean =>
  present !== undefined && needed !== undefined && present !== needed

const isWrong = (topic: ApplicationTopic): boolean =>
  mismatches(topic) || (topic.present === undefined && !isCreated(topic))

const partitionsOf = ({ present, needed }: ApplicationTopic): string => String(present ?? needed ?? '?')

function statusOf(topic: ApplicationTopic): string {
  if (mismatches(topic)) return `wrong: ${topic.needed} partitions are needed; reset the application`
  if (topic.present !== undefined) return 'exists'
  if (!isCreated(topic)) return 'missing: create it before the start'
  const configs = Object.entries(topic.configs).map(([name, value]) => `${name}=${value}`)
  return ['created at the start', ...configs].join(' ')
}
