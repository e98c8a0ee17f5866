import type { Logger } from 'pino'
import { KafkaStreams } from '../../runtime/kafka-streams.js'
import { userError } from '../../runtime/user-error.js'
import type { CommandLine } from '../command-line.js'
import { Configuration } from '../config/configuration.js'
import { ExitCode } from '../exit-code.js'
import { Interruption } from '../interruption.js'
import { ClientLog } from '../log/client-log.js'
import { createLogger } from '../log/logger.js'
import { moduleUrl, notLoaded } from '../module-url.js'
import { packageVersion } from '../package-version.js'
import { print } from '../print.js'
import { Service } from './service.js'

/** `millrace run`: until a signal comes or the client fails. @returns the exit code */
export async function run(
  { module, flags, printConfig }: CommandLine,
  environment: NodeJS.ProcessEnv,
): Promise<number> {
  const configuration = Configuration.read({ flags, environment })
  if (printConfig) {
    await print(`${JSON.stringify(configuration.printable, undefined, 2)}\n`)
    return ExitCode.OK
  }
  using interruption = new Interruption()
  const streams = await client(module, configuration)
  const logger = createLogger(configuration.value('log.level'), { application: streams.applicationId })
  const log = new ClientLog(streams, logger, configuration.value('log.values'))
  using _ = lastWords(log)
  tellStart(logger, module, configuration)
  return await new Service({ streams, configuration, interruption, logger, log }).run()
}

async function client(module: string, configuration: Configuration): Promise<KafkaStreams> {
  const url = moduleUrl(module)
  try {
    return await KafkaStreams.fromModule(url, configuration.streams)
  } catch (error) {
    throw notLoaded(module, error)
  }
}

function tellStart(logger: Logger, module: string, configuration: Configuration): void {
  const { threads, processingGuarantee, brokers } = configuration.compiled
  logger.info(
    {
      event: 'starting',
      module,
      brokers,
      threads,
      processingGuarantee,
      version: packageVersion(),
      node: process.version,
      pid: process.pid,
    },
    `starting ${module}`,
  )
  for (const warning of configuration.warnings) logger.warn({ event: 'configuration' }, warning)
}

/** An error that nobody has caught, in code of the user's most likely, ends the process; the log has it, as any other. */
function lastWords(log: ClientLog): Disposable {
  const end = (error: unknown): void => {
    log.failed('fatal', 'uncaught', userError(error))
    process.exit(ExitCode.FAILED)
  }
  process.on('uncaughtException', end)
  return { [Symbol.dispose]: () => void process.off('uncaughtException', end) }
}
