import { type ApplicationRemains, ApplicationReset } from '../runtime/application-reset.js'
import { atBrokers } from '../runtime/at-brokers.js'
import type { CommandLine } from './command-line.js'
import { Configuration } from './config/configuration.js'
import { ExitCode } from './exit-code.js'
import { topologyOf } from './module-url.js'
import { print } from './print.js'
import { visit } from './visit.js'

/** `millrace reset`: shows what would be deleted so that the application begins anew, or deletes it. @returns the exit code */
export async function reset(
  { module, flags, execute }: CommandLine,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const configuration = Configuration.read({ flags, environment })
  const topology = await topologyOf(module)
  const { applicationId, stateDir } = configuration.compiled
  await atBrokers(configuration.compiled, visit, async (transport) => {
    const application = new ApplicationReset(transport, { applicationId, topology, stateDirs: [stateDir] })
    await application.requireInactive()
    const remains = await application.remains()
    await print(listOf(remains))
    if (execute) await application.execute(remains)
    await print(execute ? 'Deleted.\n' : 'Nothing is deleted yet: add --execute.\n')
  })
  return ExitCode.OK
}

const listOf = ({ group, topics, unknownTopics, stateDirectories }: ApplicationRemains): string =>
  [
    'To be deleted, so that the application begins anew:',
    `  group ${group}, with its committed offsets`,
    ...topics.map((topic) => `  topic ${topic}`),
    ...stateDirectories.map((directory) => `  state ${directory}, on this machine`),
    ...(unknownTopics.length === 0
      ? []
      : [
          'Not deleted, since the topology does not have them: they are of a former one, or of another application:',
          ...unknownTopics.map((topic) => `  topic ${topic}`),
        ]),
    '',
  ].join('\n')
